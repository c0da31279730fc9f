"""The member's own pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.shell import View


@dataclass(frozen=True)
class MyRegistration:
    """A gathering the member registered for."""

    id: str
    status: str
    label: str
    position: int | None
    event: EventCard
    open: bool


@dataclass(frozen=True)
class FeedRow:
    """A calendar address the member made."""

    id: str
    label: str
    made: str


@dataclass(frozen=True)
class MePage(View):
    """The member's own page; `new_feed` is shown right after it was made, never again."""

    template = "pages/me.html"

    name: str
    email: str
    roles: Sequence[str]
    coming: Sequence[MyRegistration]
    earlier: Sequence[MyRegistration]
    feeds: Sequence[FeedRow]
    calendar_away: bool
    new_feed: str
    new_webcal: str
    label: Form
    """The form that makes a calendar address."""
