"""What the page of a gathering says besides when, where and what."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.agenda import Day


@dataclass(frozen=True)
class EventHost:
    """A person or an organisation that hosts a gathering; `path` is empty without a page."""

    name: str
    path: str


@dataclass(frozen=True)
class FieldChange:
    """One thing that changed; both values are empty where they are too long to show."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class EventVersion:
    """What changed at one time."""

    iso: str
    moment: str
    headline: str
    changes: Sequence[FieldChange]


@dataclass(frozen=True)
class EventMore:
    """Hosts, access, costs, what changed, and what those who look after it can do."""

    agenda: Sequence[Day]
    """The first sessions."""
    sessions: int
    """How many there are."""
    hosts: Sequence[EventHost]
    captions: bool
    access: str
    costs: str
    versions: Sequence[EventVersion]
    materials: int
    """How much there is for those with a seat."""
    runs: bool
    may_copy: bool
    ahead: bool
    """Whether it can still be changed and called off."""
