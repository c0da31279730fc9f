"""Forms of gatherings, and the page of the people around one."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class EventChoices:
    """What the fields of a gathering offer."""

    kinds: Sequence[Choice]
    modes: Sequence[Choice]
    rhythms: Sequence[Choice]
    """Empty once it is published: dates of a series are then changed one by one."""
    scopes: Sequence[Choice]
    zones: Sequence[Group]
    regions: Sequence[Group]
    languages: Sequence[Choice]
    projects: Sequence[Choice]
    admits: Sequence[Choice]
    sides: Sequence[Choice]


@dataclass(frozen=True)
class EventFormPage(View):
    """The form that publishes a gathering."""

    template = "pages/events/new.html"

    form: Form
    offers: EventChoices
    has_address: bool


@dataclass(frozen=True)
class EventEditPage(View):
    """The form that changes a gathering."""

    template = "pages/events/edit.html"

    form: Form
    offers: EventChoices
    has_address: bool
    """Whether an online address is known, which is not shown again."""
    slug: str
    title: str
    status: str


@dataclass(frozen=True)
class EventPerson:
    """Somebody around a gathering, or an organisation that hosts it."""

    id: str
    name: str
    role: str
    label: str


@dataclass(frozen=True)
class EventPeoplePage(View):
    """Who looks after a gathering and who hosts it."""

    template = "pages/events/people.html"

    slug: str
    title: str
    people: Sequence[EventPerson]
    roles: Sequence[Choice]
    organisations: Sequence[Choice]
    form: Form
