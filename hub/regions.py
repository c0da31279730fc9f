"""Towns and regions that forms offer: NUTS level 2 (Regulation (EU) 2023/674), by country.

Countries without levels here can be chosen as a whole. Countries are named in the reader's
language, regions as the list has them.
"""

from functools import cache
from pathlib import Path

from hub.choices import Choice, Group
from services.kit.language import locale, spoken

_LIST = Path(__file__).with_name("regions.txt")
_ISO = {"EL": "GR", "UK": "GB"}
"""Countries that NUTS names otherwise than ISO 3166."""


def region_groups() -> list[Group]:
    """Options of a region field, a group a country, by the country's name."""
    return _groups(spoken())


def region_name(code: str | None) -> str:
    """A region as people call it; the code itself when it is not known here."""
    return _names(spoken()).get(code, code) if code else ""


@cache
def _listed() -> list[tuple[str, list[tuple[str, str]]]]:
    """Countries with their regions, each by code and name; a whole country has the code '*'."""
    countries: list[tuple[str, list[tuple[str, str]]]] = []
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        code, _, name = line.strip().partition(" ")
        if line.startswith(" "):
            countries[-1][1].append((code, name))
        else:
            countries.append((code, []))
    return countries


@cache
def _groups(language: str) -> list[Group]:
    groups = []
    for country, regions in _listed():
        name = _country(country, language)
        listed = [
            Choice(country, name) if code == "*" else Choice(country + code, label)
            for code, label in regions
        ]
        groups.append(Group(name, listed))
    return sorted(groups, key=lambda group: group.label)


@cache
def _names(language: str) -> dict[str, str]:
    names = {}
    for country, regions in _listed():
        name = names[country] = _country(country, language)
        for code, label in regions:
            if code != "*":
                names[country + code] = name if label == name else f"{label}, {name}"
    return names


def _country(code: str, language: str) -> str:
    return str(locale(language).territories[_ISO.get(code, code)])
