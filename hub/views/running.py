"""Pages of a gathering that is on, and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.shell import View


@dataclass(frozen=True)
class JoinPage(View):
    """The way in to somebody who cannot just be sent on: a visitor, too early, without a seat."""

    template = "pages/running/join.html"

    event: EventCard
    said: str
    """Why the doors are shut to this person, empty when they only have to say who they are."""
    action: str
    """Where the form goes."""
    asks: bool
    """Whether name and address are asked for."""
    comes_in: bool
    """Whether somebody without a registration can come in by the form."""
    form: Form


@dataclass(frozen=True)
class EnteredPage(View):
    """One link away from the meeting: a form may not lead to another site by itself."""

    template = "pages/running/entered.html"

    title: str
    url: str


@dataclass(frozen=True)
class TicketPage(View):
    """What a person shows at the door."""

    template = "pages/running/ticket.html"

    event: EventCard
    code: str
    picture: str
    """The code's address as a QR code, an SVG picture in the page."""


@dataclass(frozen=True)
class CheckInPage(View):
    """Whose code was read at the door, for who looks after the gathering."""

    template = "pages/running/check_in.html"

    event: EventCard
    name: str
    code: str
    has_seat: bool
    arrived: str
    """When they were checked in, empty when they were not."""


@dataclass(frozen=True)
class Expected:
    """Somebody with a seat, as the organiser sees them at the door."""

    registration_id: str
    name: str
    email: str
    arrived: str
    way: str


@dataclass(frozen=True)
class AttendancePage(View):
    """Who is expected, and who came."""

    template = "pages/running/attendance.html"

    slug: str
    title: str
    dates: Sequence[Choice]
    date: str
    people: Sequence[Expected]
    came: int
    erased: int
    online: bool
    address: str
    """The direct address, once it is shown to everybody with a seat."""
    form: Form


@dataclass(frozen=True)
class FeedbackPage(View):
    """How was it?"""

    template = "pages/running/feedback.html"

    event: EventCard
    action: str
    given: bool
    ratings: Sequence[Choice]
    form: Form


@dataclass(frozen=True)
class Said:
    """What one person wrote of it."""

    rating: str
    text: str
    name: str


@dataclass(frozen=True)
class FeedbackResultsPage(View):
    """What all said."""

    template = "pages/running/results.html"

    slug: str
    title: str
    ratings: Sequence[tuple[str, int]]
    answered: int
    asked: int
    mean: str
    remarks: Sequence[Said]
