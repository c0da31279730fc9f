"""Pages of registering for a gathering, and of what its organiser decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.shell import View


@dataclass(frozen=True)
class Asked:
    """A question as a field of a form."""

    name: str
    kind: str
    label: str
    help: str
    required: bool
    options: Sequence[Choice]


@dataclass(frozen=True)
class RegisterPage(View):
    """The form that asks for a seat."""

    template = "pages/events/register.html"

    event: EventCard
    action: str
    asks_who: bool
    """Whether name and address are asked for."""
    places: Sequence[Choice]
    dates: Sequence[Choice]
    """The dates to choose from, where people register for each."""
    questions: Sequence[Asked]
    needs_approval: bool
    form: Form


@dataclass(frozen=True)
class RegistrationPage(View):
    """A registration reached by the link in a mail."""

    template = "pages/events/registration.html"

    secret: str
    status: str
    label: str
    position: int | None
    until: str
    event: EventCard
    places: Sequence[Choice]
    days: Sequence[tuple[str, str]]
    """The dates registered for, and how each stands; none where it is for all."""
    dates: Sequence[Choice]
    questions: Sequence[Asked]
    over: bool
    onsite: bool
    online: bool
    materials: int
    form: Form


@dataclass(frozen=True)
class Wish:
    """Somebody who asks for a seat that the organiser gives."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class AnswersOf:
    """What one person answered."""

    name: str
    answers: Sequence[tuple[str, str]]
    access_needs: str


@dataclass(frozen=True)
class SeatsPage(View):
    """What the organiser decides about seats: how many of each kind, questions, requests."""

    template = "pages/organise/registration.html"

    slug: str
    title: str
    hybrid: bool
    kinds: Sequence[tuple[str, int, str]]
    """The kinds of seats: which, how many are taken, and of how many."""
    sides: Sequence[Choice]
    wishes: Sequence[Wish]
    questions: Sequence[Asked]
    question_kinds: Sequence[Choice]
    answers: Sequence[AnswersOf]
    form: Form
