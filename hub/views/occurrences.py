"""Pages of the dates of a series, for who looks after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class DateRow:
    """One date, and whether it can still be changed."""

    key: str
    when: str
    title: str
    location: str
    cancelled: bool
    changed: bool
    over: bool


@dataclass(frozen=True)
class DatesPage(View):
    """All dates of a series."""

    template = "pages/events/dates.html"

    slug: str
    title: str
    dates: Sequence[DateRow]


@dataclass(frozen=True)
class DatePage(View):
    """One date, and what can be done about it."""

    template = "pages/events/date.html"

    slug: str
    title: str
    date: DateRow
    place: str
    """Where the series takes place."""
    form: Form
