"""Towns and regions that forms offer: NUTS level 2 by country, and countries as a whole.

Countries are named in the reader's language, regions in English or as they call themselves.
"""

from functools import cache

from hub.choices import Choice, Group
from services.kit import regions
from services.kit.language import spoken

SUGGESTED = 12
"""Regions that are suggested for a word."""


def region_groups() -> list[Group]:
    """Options of a region field, a group a country, by the country's name."""
    return _groups(spoken())


def region_name(code: str | None) -> str:
    """A region as people call it; the code itself when it is not known here."""
    return regions.full_name(regions.current(code) or code, spoken()) if code else ""


def suggested(words: str) -> list[dict[str, str]]:
    """Regions for a town or region in plain words, as a field of suggestions takes them."""
    language = spoken()
    found = []
    for region in regions.search(words, SUGGESTED):
        country = regions.name(region.code[:2], language)
        hint = f"{region.town}, {country}" if region.town else country
        label = regions.name(region.code, language)
        found.append({"value": region.code, "label": label, "hint": hint})
    return found


def place_named(words: str) -> str | None:
    """The code of a place on any level, for a code or a name that means one place alone."""
    code = words.strip().upper()
    return code if regions.known(code) else regions.one_named(words)


@cache
def _groups(language: str) -> list[Group]:
    groups = []
    for country in regions.countries():
        label = regions.name(country, language)
        codes = list(regions.chosen_in(country))
        if len(codes) > 1:
            # Who does not know better, or is everywhere, can say the country alone.
            codes.insert(0, country)
        choices = [Choice(code, regions.name(code, language)) for code in codes]
        groups.append(Group(label, choices))
    return sorted(groups, key=lambda group: regions.plain(group.label))
