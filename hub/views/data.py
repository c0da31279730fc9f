"""The pages on which members take their data away, leave, and come back."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.shell import View


@dataclass(frozen=True)
class DataPage(View):
    """What can be taken away; with a `secret`, the button that fetches it once."""

    template = "pages/data.html"

    parts: Sequence[str]
    secret: str
    until: str
    """The end of the time in which the button works."""


@dataclass(frozen=True)
class LeavePage(View):
    """What will happen to whoever leaves."""

    template = "pages/leave.html"

    name: str
    days: int
    """How long there is a way back."""


@dataclass(frozen=True)
class LeftPage(View):
    """Said to somebody who has just left; they are signed out."""

    template = "pages/left.html"

    until: str
