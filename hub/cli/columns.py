"""What the columns of a file of people or organisations are called, and what their cells mean."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, get_args

from events.catalogue.membership import HelixSide
from hub.cli.rows import country
from services.kit import regions
from services.kit.language import LANGUAGES, locale

SIDES = {
    "citizen": "person|patient|patients|patient organisation|civil society|ngo|association|"
    "community|community led|non governmental",
    "business": "company|companies|enterprise|sme|industry|field lab|fieldlab|startup|"
    "private sector",
    "research": "university|academia|academic|education|research and education|"
    "research institute|institute|college|school|academic research|consortium",
    "government": "public|authority|region|municipality|city|local government|regional government|"
    "central government|ministry|public authority|governmental|agency",
    "healthcare": "hospital|health|care|clinic|healthcare centre|health care|healthcare center",
}
_SIDE_BY_WORD = {
    regions.plain(word): side for side, words in SIDES.items() for word in (side, *words.split("|"))
}
_LANGUAGE_BY_WORD = {
    regions.plain(word): code
    for code, own in LANGUAGES.items()
    for word in (code, own, str(locale("en").languages[code]))
}
_APART = re.compile(r"[;|\n]")


class Wrong(Exception):
    """What is wrong with a cell, and what to do about it."""

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(why)
        self.why, self.advice = why, advice


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken, of the column for this field."""

    field: str
    value: str
    why: str
    advice: str


@dataclass(frozen=True)
class Column:
    """One thing that a file says of each row; `names` are what its column may be called."""

    field: str
    names: Sequence[str]
    read: Callable[[str], Any]
    needed: bool = False
    advice: str = ""


@dataclass(frozen=True)
class Layout:
    """Which columns of a file mean what."""

    columns: Sequence[tuple[int, Column]]
    unused: Sequence[str]
    titles: Mapping[str, str]
    """What the file calls each field."""
    width: int
    _of: Mapping[str, Column] = field(default_factory=dict)

    def advice(self, name: str) -> str:
        """What to do when a field is wrong."""
        return self._of[name].advice if name in self._of else "Correct it and import again."

    def read(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
        """Values of a row by field, and what is wrong with it."""
        values: dict[str, Any] = {}
        wrong: list[Fault] = []
        for place, column in self.columns:
            cell = cells[place].strip() if place < len(cells) else ""
            if not cell:
                continue
            if column.read is text:
                values.setdefault(column.field, cell)
                continue
            try:
                value = column.read(cell)
            except Wrong as error:
                wrong.append(Fault(column.field, cell, error.why, error.advice))
                continue
            values.setdefault(column.field, value)
        if last := values.pop("last_name", None):
            values["name"] = f"{values.get('name', '')} {last}".strip()
        return values, wrong


def laid_out(header: Sequence[str], columns: Sequence[Column]) -> tuple[Layout, list[str]]:
    """Which columns of the header mean what, and which needed ones are missing."""
    by_name = {regions.plain(name): column for column in columns for name in column.names}
    used: list[tuple[int, Column]] = []
    unused = []
    titles: dict[str, str] = {}
    for place, title in enumerate(header):
        column = by_name.get(regions.plain(title))
        if column is None or column.field in titles:
            if title:
                unused.append(title)
            continue
        titles[column.field] = title
        used.append((place, column))
    missing = [
        column.names[0] for column in columns if column.needed and column.field not in titles
    ]
    order = {column.field: place for place, column in enumerate(columns)}
    used.sort(key=lambda one: order[one[1].field])
    of = {column.field: column for column in columns}
    return Layout(used, unused, titles, len(header), of), missing


def text(cell: str) -> str:
    """A cell as it is."""
    return cell


@lru_cache(1_000)
def _side(cell: str) -> str:
    side = _SIDE_BY_WORD.get(regions.plain(cell))
    if side is None:
        raise Wrong(f"{cell[:60]!r} is no side.", f"Write one of {', '.join(get_args(HelixSide))}.")
    return side


@lru_cache(10_000)
def _region(cell: str) -> str:
    code = regions.one_named(cell)
    if code is None:
        near = regions.search(cell, 3)
        names = "; ".join(f"{one.code} {regions.full_name(one.code)}" for one in near)
        raise Wrong(
            f"{cell[:60]!r} is not one region the hub knows.",
            f"Write a NUTS code or name, such as {names or 'BE23 East Flanders, Belgium'}.",
        )
    return code


def _country(cell: str) -> str:
    code = country(cell, [])
    if code is None:
        raise Wrong(f"{cell[:60]!r} is no country.", "Write its name in English or a code like BE.")
    return code


def _language(cell: str) -> str:
    code = _LANGUAGE_BY_WORD.get(regions.plain(cell))
    if code is None:
        raise Wrong(
            f"{cell[:60]!r} is not a language of the hub.",
            f"Write one of {', '.join(LANGUAGES)}, or leave it empty.",
        )
    return code


def _terms(cell: str) -> list[str]:
    parts = _APART.split(cell) if _APART.search(cell) else cell.split(",")
    return [part.strip() for part in parts if part.strip()]


_REGION = ("region", "region code", "nuts", "nuts code", "nuts 2", "nuts2", "town", "city", "place")
_HELIX = ("side", "helix side", "helix", "audience", "sector type")

MEMBERS = (
    Column("name", ("name", "full name", "first name", "given name"), text, True,
           "Write the name as others should see it."),
    Column("last_name", ("last name", "surname", "family name"), text),
    Column("email", ("email", "e mail", "email address", "e mail address", "mail"), text, True,
           "Write one address such as name@example.org."),
    Column("helix_side", _HELIX, _side, True, f"Write one of {', '.join(get_args(HelixSide))}."),
    Column("region_code", _REGION, _region, True, "Write a town, a region or its NUTS code."),
    Column("organisation", ("organisation", "organization", "company", "employer", "institution"),
           text, advice="Write a name of at most 200 characters."),
    Column("language", ("language",), _language),
    Column("time_zone", ("time zone", "timezone"), text,
           advice="Write a zone such as Europe/Brussels, or leave it empty."),
    Column("expertise_offered", ("offers", "expertise offered", "expertise"), _terms,
           advice="Write at most 30 terms of 2 to 80 characters, separated by semicolons."),
    Column("expertise_sought", ("seeks", "expertise sought", "looking for"), _terms,
           advice="Write at most 30 terms of 2 to 80 characters, separated by semicolons."),
)  # fmt: skip

ORGANISATIONS = (
    Column("name", ("name", "organisation", "organization", "company", "institution"), text, True,
           "Write a name of at most 200 characters."),
    Column("helix_side", (*_HELIX, "category", "type"), _side, True,
           f"Write one of {', '.join(get_args(HelixSide))}."),
    Column("region_code", _REGION, _region, advice="Write a town, a region or its NUTS code."),
    Column("country", ("country", "country code"), _country),
    Column("description", ("description", "about"), text,
           advice="Write at most 20,000 characters."),
    Column("expertise", ("expertise", "offers", "topics"), _terms,
           advice="Write at most 30 terms of 2 to 80 characters, separated by semicolons."),
    Column("website", ("website", "web site", "url", "homepage"), text,
           advice="Write a whole address such as https://example.org."),
    Column("ror_id", ("ror", "ror id"), text, advice="Copy it from ror.org."),
    Column("vat_id", ("vat", "vat id", "vat number"), text,
           advice="Write it with the country's letters in front."),
)  # fmt: skip
