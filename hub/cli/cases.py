"""Public service cases (CSV) as organisations and demo-cases.

Columns as the Innovative Public Services Explorer of the Joint Research Centre gives them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, get_args

from events.catalogue.matchmaking import Phase
from events.catalogue.membership import HelixSide
from hub.cli import rows as tidy
from hub.cli.names import bare_key, name_key, organisation_name, told_apart, written_alike
from hub.cli.report import Planned, Row

ORGANISATION_COLUMNS = ("organisation",)
DEMO_CASE_COLUMNS = ("case_name", "organisation")
SOURCE = "Innovative Public Services Explorer, Joint Research Centre, European Commission"

_SIDES: dict[str, HelixSide] = {
    "private sector": "business",
    "academic-research": "research",
    "consortium": "research",
    "non-governmental": "citizen",
    "community led": "citizen",
    "central-government": "government",
    "regional government": "government",
    "local government": "government",
    "governmental": "government",
}

_PHASES: dict[str, Phase] = {
    "planned": "learn",
    "in development": "connect",
    "pilot": "demonstrate",
    "not in use anymore": "demonstrate",
    "implemented": "commercialise",
    "in production": "commercialise",
}
"""How far the hub's own steps a case has come."""

Raw = Mapping[str, str]
Key = tuple[str, str | None]


class Known(Protocol):
    """An organisation the hub has."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def country(self) -> str | None:
        """ISO 3166 code."""


@dataclass(frozen=True)
class Mention:
    """An organisation as one row names it."""

    row: Row
    name: str
    country: str | None
    side: HelixSide
    terms: Sequence[str]

    @property
    def key(self) -> Key:
        """What mentions of one organisation share."""
        return name_key(self.name), self.country


def organisations(
    raws: Sequence[Raw], *, source: str, known: Sequence[Known], made_up: bool
) -> tuple[list[Row], list[Planned]]:
    """Each organisation once, however it is spelt; those the hub has are marked as found.

    Organisations of one name in different countries are different ones.
    """
    rows = [Row("organisation", source, number) for number in range(1, len(raws) + 1)]
    mentions = [
        mention
        for row, raw in zip(rows, raws, strict=True)
        if (mention := _mention(row, raw)) is not None
    ]
    there = {(name_key(one.name), one.country): one for one in reversed(known)}
    taken = {written_alike(one.name) for one in known}
    planned = []
    for key, group in _grouped(mentions, there).items():
        organisation = Planned({}, [mention.row for mention in group])
        planned.append(organisation)
        if one := there.get(key):
            organisation.found(one.id)
            continue
        organisation.order = _order(key, group, taken=taken, made_up=made_up)
        taken.add(written_alike(organisation.order["name"]))
    return rows, planned


def demo_cases(
    raws: Sequence[Raw], *, source: str, leads: Mapping[int, str | None], made_up: bool
) -> tuple[list[Row], list[Planned]]:
    """Each case once; `leads` has the id of the lead organisation by row."""
    rows: list[Row] = []
    planned: dict[tuple[str, str | None], Planned] = {}
    for number, raw in enumerate(raws, 1):
        row = Row("demo-case", source, number)
        rows.append(row)
        order = _demo_case(row, raw, lead=leads.get(number), made_up=made_up)
        if order is None:
            continue
        key = (order["title"].casefold(), order["lead_organisation_id"])
        planned.setdefault(key, Planned(order, [])).rows.append(row)
    return rows, list(planned.values())


def _mention(row: Row, raw: Raw) -> Mention | None:
    name = row.what = organisation_name(raw["organisation"], row.notes)
    if not name:
        row.why = "no organisation named"
        return None
    side = raw.get("helix", "").strip().lower()
    if side not in get_args(HelixSide):
        side = _SIDES.get(raw.get("category", "").strip().lower(), "")
        if not side:
            row.why = "no helix side"
            return None
        row.notes.append(f"helix side {side} taken from the category")
    return Mention(
        row=row,
        name=name,
        country=tidy.country(raw.get("country", ""), row.notes),
        side=cast(HelixSide, side),
        terms=_terms(raw),
    )


def _grouped(mentions: Sequence[Mention], there: Mapping[Key, Known]) -> dict[Key, list[Mention]]:
    """Mentions by the organisation they mean, in the order of the file."""
    keys = dict.fromkeys([*there, *(mention.key for mention in mentions)])
    countries: dict[str, list[str]] = {}
    for name, country in keys:
        if country:
            countries.setdefault(name, []).append(country)
    groups: dict[Key, list[Mention]] = {}
    for mention in mentions:
        name, country = mention.key
        bare = bare_key(mention.name)
        if (bare, country) in keys:
            name = bare
        if country is None and len(countries.get(name, ())) == 1:
            [country] = countries[name]
            mention.row.notes.append(f"taken for the one of this name in {country}")
        elif (name, None) in there and (name, country) not in there:
            country = None
        groups.setdefault((name, country), []).append(mention)
    return groups


def _order(key: Key, group: Sequence[Mention], *, taken: set[str], made_up: bool) -> dict[str, Any]:
    country = key[1]
    spellings = [mention.name for mention in group if mention.key[0] == key[0]]
    name = Counter(spellings or [mention.name for mention in group]).most_common(1)[0][0]
    side = Counter(mention.side for mention in group).most_common(1)[0][0]
    for mention in group:
        if mention.side != side:
            mention.row.notes.append(f"helix side {mention.side} here, {side} in other rows")
    if written_alike(name) in taken:
        name = told_apart(name, country)
        group[0].row.notes.append(f"called {name}: another country has one of this name")
    cases = "a case" if len(group) == 1 else f"{len(group)} cases"
    return {
        "name": name,
        "helix_side": side,
        "country": country,
        "region_code": tidy.region_of(country),
        "description": f"Named in {cases} of public services. Source: {SOURCE}.",
        "expertise": tidy.terms([term for mention in group for term in mention.terms], most=30),
        "made_up": made_up,
    }


def _demo_case(row: Row, raw: Raw, *, lead: str | None, made_up: bool) -> dict[str, Any] | None:
    notes = row.notes
    title = row.what = tidy.line(raw["case_name"], notes, field="title")
    if not title:
        row.why = "no title"
        return None
    needed = _terms(raw)
    if not needed:
        row.why = "neither technology nor sector, so no expertise to ask for"
        return None
    if lead is None:
        notes.append("no lead organisation")
    number = tidy.line(raw.get("case_id", ""), notes, field="number", most=40)
    credit = f"Source: {SOURCE}{f' (case {number})' if number else ''}."
    description = tidy.without_addresses(raw.get("description", ""), notes, field="description")
    story = tidy.prose(description, notes, field="description", most=19_000)
    return {
        "title": title,
        "challenge": _circumstances(row, raw),
        "solution": f"{story}\n\n{credit}" if story else credit,
        "lead_organisation_id": lead,
        "region_code": tidy.region_of(tidy.country(raw.get("country", ""), notes)),
        "required_terms": needed,
        "link": tidy.link(raw.get("url", ""), notes),
        "phase": _PHASES.get(raw.get("status", "").strip().lower(), "learn"),
        "made_up": made_up,
        "imported": True,
    }


def _circumstances(row: Row, raw: Raw) -> str:
    began = tidy.year(raw.get("start", ""), row.notes)
    facts = {
        "Field": raw.get("sector", ""),
        "Extent": raw.get("extent", ""),
        "Begun": str(began or ""),
        "Status": raw.get("status", ""),
    }
    tidied = {name: tidy.line(fact, row.notes, field=name) for name, fact in facts.items()}
    return "\n".join(f"{name}: {fact}" for name, fact in tidied.items() if fact)


def _terms(raw: Raw) -> list[str]:
    return tidy.terms([raw.get("technology", ""), raw.get("sector", "")], most=20)
