"""Pages of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.forms import Form
from hub.views.cards import PersonCard
from hub.views.expertise import Claims
from hub.views.shell import Facet, Pager, View


@dataclass(frozen=True)
class PeoplePage(View):
    """People who want to be found."""

    template = "pages/people/list.html"
    kept = True

    people: Sequence[PersonCard]
    total: int
    facets: Sequence[Facet]
    chips: Sequence[tuple[str, str]]
    """What the list is narrowed to, each with the address of the list without it."""
    hidden: Sequence[tuple[str, str]]
    """What else is asked for, kept when something is chosen."""
    pager: Pager
    query: str
    asked: Sequence[tuple[str, str]]
    """All that is asked for, as names and values."""
    signed_in: bool
    can_take_away: bool


@dataclass(frozen=True)
class PersonPage(View):
    """One person who wants to be found."""

    template = "pages/people/show.html"
    kept = True

    id: str
    card: PersonCard
    claims: Claims
    language: str
    own: bool
    organiser: bool
    can_make_organiser: bool


@dataclass(frozen=True)
class InvitePage(View):
    """A form to ask somebody to join."""

    template = "pages/people/invite.html"

    form: Form
