"""Time zones that forms offer, by part of the world."""

from functools import cache

from hub.choices import Choice, Group
from services.kit.fields import zone_names
from services.kit.language import N_, Words, spoken
from services.kit.times import zone_place

AREAS = Words(
    {
        "Europe": N_("Europe"),
        "Africa": N_("Africa"),
        "America": N_("America"),
        "Antarctica": N_("Antarctica"),
        "Arctic": N_("Arctic"),
        "Asia": N_("Asia"),
        "Atlantic": N_("Atlantic"),
        "Australia": N_("Australia"),
        "Indian": N_("Indian Ocean"),
        "Pacific": N_("Pacific"),
        "": N_("Universal"),
    }
)
"""The parts of the world that zones are named by, in the order forms show them."""


def zone_groups() -> list[Group]:
    """Options of a time zone field: by area, Europe first."""
    return _zone_groups(spoken())


@cache
def _zone_groups(language: str) -> list[Group]:
    groups: dict[str, list[Choice]] = {area: [] for area in AREAS}
    for name in zone_names():
        area, found, _rest = name.partition("/")
        label = zone_place(name).replace("/", ", ")
        groups[area if found else ""].append(Choice(name, label))
    return [
        Group(AREAS[area], sorted(listed, key=lambda choice: choice.label))
        for area, listed in groups.items()
    ]
