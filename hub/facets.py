"""Narrowing a list of people or organisations: what an address asks for, and the ways from it.

Everything is in the address, so that each choice is a link and a page can be passed on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from hub.clients import Count, Facets
from hub.lists import SHOWN, Words
from hub.regions import region_name
from hub.views.shell import Facet, Option, Pager
from hub.words import SIDES
from services.kit.language import N_
from services.kit.language import Words as Labels

NAMES = Labels(
    {
        "side": N_("Side"),
        "partnership": N_("Region of the partnership"),
        "region": N_("Country or region"),
        "term": N_("Knows about"),
        "seeks": N_("Looks for"),
    }
)
Values = Annotated[tuple[str, ...], Query(max_length=20)]


@dataclass(frozen=True)
class Asked:
    """Who or what an address asks for."""

    q: str
    chosen: Mapping[str, Sequence[str]]
    organisation: str = ""

    def query(self) -> dict[str, Any]:
        """The same as a question to membership."""
        asked: dict[str, Any] = {name: list(values) for name, values in self.chosen.items()}
        return asked | ({"q": self.q} if self.q else {}) | self._of_organisation()

    def pairs(self, without: tuple[str, str] = ("", "")) -> Iterator[tuple[str, str]]:
        """Names and values of the address, but one."""
        if self.q and without[0] != "q":
            yield "q", self.q
        for name, values in self.chosen.items():
            yield from ((name, value) for value in values if (name, value) != without)
        if self.organisation and without[0] != "organisation":
            yield "organisation", self.organisation

    def address(self, path: str, *, without: tuple[str, str] = ("", ""), number: int = 1) -> str:
        """The address of a part of the list, or of the list without one of the choices."""
        pairs = list(self.pairs(without))
        if number > 1:
            pairs.append(("page", str(number)))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def pager(self, path: str, *, number: int, total: int) -> Pager:
        """The ways to the parts before and after."""
        return Pager(
            number,
            self.address(path, number=number - 1) if number > 1 else "",
            self.address(path, number=number + 1) if number * SHOWN < total else "",
        )

    def _of_organisation(self) -> dict[str, str]:
        return {"organisation": self.organisation} if self.organisation else {}


async def asked_of(
    q: Words = "",
    side: Values = (),
    partnership: Values = (),
    region: Values = (),
    term: Values = (),
    seeks: Values = (),
    organisation: Annotated[str, Query(max_length=36)] = "",
) -> Asked:
    """FastAPI dependency: who or what the address asks for."""
    chosen = {
        "side": side,
        "partnership": partnership,
        "region": region,
        "term": term,
        "seeks": seeks,
    }
    return Asked(
        q.strip(),
        {name: list(dict.fromkeys(values)) for name, values in chosen.items() if values},
        organisation,
    )


AskedFor = Annotated[Asked, Depends(asked_of)]


def facets_of(asked: Asked, found: Facets) -> list[Facet]:
    """The choices with how many each would show; those without any choice are left out."""
    counts = {
        "side": found.side,
        "partnership": found.partnership,
        "region": found.region,
        "term": found.term,
        "seeks": found.seeks,
    }
    return [
        Facet(name, NAMES[name], _options(name, counted, asked.chosen.get(name, ())))
        for name, counted in counts.items()
        if counted
    ]


def chips_of(
    asked: Asked, found: Facets, path: str, organisation: str = ""
) -> list[tuple[str, str]]:
    """What the list is narrowed to, each with the address of the list without it."""
    names = {
        (name, option.value): option.label
        for facet in facets_of(asked, found)
        for name in (facet.name,)
        for option in facet.options
    }
    return [
        (
            organisation if name == "organisation" else names.get((name, value), value),
            asked.address(path, without=(name, value)),
        )
        for name, value in asked.pairs(("q", ""))
    ]


def _options(name: str, counts: Sequence[Count], chosen: Sequence[str]) -> list[Option]:
    options = [
        Option(count.value, _label(name, count), count.count, count.value in chosen)
        for count in counts
    ]
    if name == "side":
        order = list(SIDES)
        return sorted(options, key=lambda option: order.index(option.value))
    if name == "region":
        return sorted(options, key=lambda option: (region_name(option.value[:2]), option.value))
    if name == "partnership":
        return options
    return sorted(options, key=lambda option: (not option.chosen, -(option.count or 0)))


def _label(name: str, count: Count) -> str:
    if name == "side":
        return SIDES[count.value]
    return region_name(count.value) if name == "region" else count.label
