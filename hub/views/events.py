"""Pages of gatherings and registrations."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.shell import Filter, Pager, View
from services.kit.times import When


@dataclass(frozen=True)
class EventsPage(View):
    """Coming or past gatherings; `mine` when they are those the reader organises."""

    template = "pages/events/list.html"
    kept = True

    events: Sequence[EventCard]
    filters: Sequence[Filter]
    pager: Pager
    past: bool
    mine: bool
    topic: str
    may_publish: bool
    feed: str
    webcal: str


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


@dataclass(frozen=True)
class EventPage(View):
    """One gathering."""

    template = "pages/events/show.html"
    kept = True

    card: EventCard
    live: str
    """What the page listens to for news of it."""
    description: str
    dates: Sequence[When]
    language: str
    organiser: str
    open: bool
    own: OwnRegistration | None
    can_join: bool
    is_organiser: bool
    attendees: Sequence[Attendee]
    form: Form
    feed: str
    webcal: str


@dataclass(frozen=True)
class EventFormPage(View):
    """The form that publishes a gathering."""

    template = "pages/events/new.html"

    form: Form
    kinds: Sequence[Choice]
    modes: Sequence[Choice]
    rhythms: Sequence[Choice]
    zones: Sequence[Group]
    regions: Sequence[Group]
    languages: Sequence[Choice]


@dataclass(frozen=True)
class EventEditPage(View):
    """The form that changes a gathering."""

    template = "pages/events/edit.html"

    form: Form
    slug: str
    title: str
    zones: Sequence[Group]


@dataclass(frozen=True)
class RegistrationPage(View):
    """A registration reached by the link in a mail."""

    template = "pages/events/registration.html"

    secret: str
    status: str
    label: str
    position: int | None
    event: EventCard
