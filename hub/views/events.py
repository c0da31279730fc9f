"""Pages of gatherings and registrations."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.event_parts import EventMore
from hub.views.shell import View
from services.kit.times import When


@dataclass(frozen=True)
class Attendee:
    """Someone registered, as the organiser sees them."""

    name: str
    email: str
    status: str
    position: int | None


@dataclass(frozen=True)
class OwnRegistration:
    """The visitor's own registration."""

    id: str
    status: str
    label: str
    position: int | None
    days: Sequence[tuple[str, str]]
    """The dates it is for, and how each stands; none where it is for all."""


@dataclass(frozen=True)
class EventPage(View):
    """One gathering."""

    template = "pages/events/show.html"
    kept = True

    card: EventCard
    live: str
    """What the page listens to for news of it."""
    picture: str
    """Where it is; empty without one."""
    picture_alt: str
    description: str
    dates: Sequence[When]
    language: str
    organiser: str
    open: bool
    by_date: bool
    """Whether people register for each date."""
    plain: bool
    """Whether a seat needs no more than a button, or a name and an address."""
    says: str
    """What somebody should know before they register."""
    by_invitation: bool
    """Whether only those invited can register."""
    own: OwnRegistration | None
    can_join: bool
    is_organiser: bool
    more: EventMore
    attendees: Sequence[Attendee]
    form: Form
    feed: str
    webcal: str
    google: str
    outlook: str
    schema: str
    """The event as schema.org has it; empty for a draft."""
