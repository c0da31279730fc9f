"""The ways through the hub: what everybody sees, and what each role may do besides."""

from typing import NamedTuple

from hub.sessions import Person
from hub.views.shell import NavItem
from services.kit.language import N_, _


class Way(NamedTuple):
    """One entry; `roles` says for whom, all members when it is empty and members only."""

    path: str
    label: str
    icon: str
    members_only: bool = False
    roles: tuple[str, ...] = ()


MAIN = (
    Way("/events", N_("Events"), "calendar"),
    Way("/posts", N_("Knowledge"), "lightbulb"),
    Way("/demo-cases", N_("Projects"), "pin"),
    Way("/organisations", N_("Organisations"), "organisation"),
    Way("/people", N_("People"), "people"),
)
DESK = (
    Way("/organise", N_("Events I organise"), "calendar", roles=("organiser", "coordinator")),
    Way("/events/new", N_("Publish an event"), "plus", roles=("organiser", "coordinator")),
    Way("/polls", N_("Find a date"), "clock", roles=("organiser", "coordinator")),
    Way("/demo-cases/new", N_("Propose a project"), "plus", roles=("coordinator",)),
    Way("/people/invite", N_("Invite somebody"), "mail", roles=("coordinator",)),
    Way("/moderation", N_("Moderation"), "flag", roles=("moderator",)),
    Way("/admin/regions", N_("Regions of the partnership"), "pin", roles=("admin",)),
    Way("/settings", N_("Settings of the hub"), "edit", roles=("admin",)),
)
"""What organisers, coordinators and administrators do; each entry opens for its roles."""


def main_ways(path: str, person: Person | None) -> tuple[NavItem, ...]:
    """What stands in the header of every page."""
    return tuple(_item(way, path) for way in MAIN if person or not way.members_only)


def desk_ways(path: str, person: Person | None) -> tuple[NavItem, ...]:
    """What this person may do beyond what members do."""
    return tuple(_item(way, path) for way in DESK if person and person.has(*way.roles))


def _item(way: Way, path: str) -> NavItem:
    inside = path == way.path or (path.startswith(f"{way.path}/") and not way.roles)
    return NavItem(way.path, _(way.label), way.icon, inside)
