"""Pages of agendas."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.shell import Filter, View


@dataclass(frozen=True)
class Entry:
    """One session in an agenda."""

    path: str
    title: str
    language: str
    iso: str
    time: str
    about: str
    """Kind, room and track in one line."""
    speakers: str


@dataclass(frozen=True)
class Day:
    """The sessions of one day, in their order."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class AgendaPage(View):
    """The whole agenda of an event, or some of it."""

    template = "pages/agenda/show.html"

    slug: str
    title: str
    query: str
    room: str
    rooms: Sequence[Filter]
    days: Sequence[Day]
    any: bool
    """Whether there are sessions, be they shown or not."""
    place: str
    """The city by whose clock all times are."""
    may_change: bool


@dataclass(frozen=True)
class SessionPage(View):
    """One session."""

    template = "pages/agenda/session.html"

    slug: str
    event: str
    entry: Entry
    day: str
    place: str
    spoken: str
    """The language it is held in."""
    abstract: str
    edit: str
    """Where it can be changed; empty for those who may not."""


@dataclass(frozen=True)
class SessionFormPage(View):
    """The form of a session, new or known."""

    template = "pages/agenda/form.html"

    form: Form
    slug: str
    event: str
    action: str
    remove: str
    """Where a known session is taken out; empty for a new one."""
    languages: Sequence[Choice]
    language: str
    begins: str
    ends: str
    place: str
