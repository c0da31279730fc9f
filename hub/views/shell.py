"""What is around every page, and what lists share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hub.choices import Choice
from hub.sessions import Person
from services.kit.language import _


@dataclass(frozen=True)
class Flash:
    """A message shown once, on the page after something was done."""

    code: str
    title: str
    text: str = ""
    tone: str = "good"

    def spoken(self) -> "Flash":
        """The message in the reader's language."""
        return Flash(self.code, _(self.title), _(self.text), self.tone)


@dataclass(frozen=True)
class NavItem:
    """A way to another part of the hub."""

    path: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """What is around every page."""

    hub: str
    path: str
    address: str
    language: str
    direction: str
    languages: tuple[Choice, ...]
    """Languages to choose from; empty when there is only one."""
    theme: str
    """'light' or 'dark' as chosen here; empty when it follows the device."""
    person: Person | None
    unread: int | None
    navigation: tuple[NavItem, ...]
    desk: tuple[NavItem, ...]
    """What this person may do beyond what members do."""
    flash: Flash | None
    live: bool
    development: bool


class View:
    """What one page gets; `template` is the page."""

    template: ClassVar[str]
    kept: ClassVar[bool] = False
    """Whether all visitors see the same for as long as nothing changes."""


@dataclass(frozen=True)
class Pager:
    """Where a reader is in a long list: addresses of the pages before and after, if any."""

    number: int
    previous: str
    next: str


@dataclass(frozen=True)
class Option:
    """One choice of a facet, and how many it would show."""

    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices of one kind, any of which fits."""

    name: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Filter:
    """One choice among filters: where it leads, whether it is on, how many it would show."""

    path: str
    label: str
    current: bool
    count: int | None
