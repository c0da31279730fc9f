"""Pages of polls for a date."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.shell import View
from services.kit.times import When


@dataclass(frozen=True)
class PollRow:
    """A poll as its organiser's list shows it."""

    id: str
    title: str
    open: bool
    closes: str
    voted: int
    asked: int


@dataclass(frozen=True)
class PollsPage(View):
    """The polls that somebody opened."""

    template = "pages/polls/list.html"

    polls: Sequence[PollRow]


@dataclass(frozen=True)
class PollFormPage(View):
    """The form that asks about some dates; `slots` are the names of the fields for them."""

    template = "pages/polls/new.html"

    form: Form
    slots: Sequence[str]
    more: bool
    """Whether there can be more dates."""
    zones: Sequence[Group]


@dataclass(frozen=True)
class Standing:
    """One date and how it stands; names by what people say."""

    id: str
    when: When
    yes: int
    maybe: int
    no: int
    names: Sequence[tuple[str, Sequence[str]]]
    missing: str
    """Parts that nobody could play, as a list in words."""
    suggested: bool


@dataclass(frozen=True)
class PollResultsPage(View):
    """A poll as its organiser sees it."""

    template = "pages/polls/results.html"

    id: str
    title: str
    open: bool
    closes: str
    address: str
    """The address that all can share."""
    dates: Sequence[Standing]
    voted: int
    waiting: Sequence[str]
    """Names of those who were asked and have not answered."""
    roles: Sequence[Choice]
    event: str
    """The path of the draft that came of it."""
    event_title: str
    form: Form


@dataclass(frozen=True)
class DateToVote:
    """One date with the name of its field, and what others said so far."""

    field: str
    when: When
    others: str


@dataclass(frozen=True)
class PollVotePage(View):
    """A poll as a voter sees it."""

    template = "pages/polls/vote.html"

    title: str
    description: str
    organiser: str
    open: bool
    closes: str
    dates: Sequence[DateToVote]
    choices: Sequence[Choice]
    roles: Sequence[Choice]
    """Parts that the voter can choose from; empty when that is settled."""
    role: str
    """The part that the voter was asked to play."""
    asks_name: bool
    answered: bool
    action: str
    zones: Sequence[Group]
    zone: str
    """The zone that the visitor wants the times in, if they said so."""
    event: str
    event_title: str
    form: Form
