"""The page on which members see where they are signed in, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.shell import View
from hub.views.ways import OwnWays


@dataclass(frozen=True)
class SessionRow:
    """One browser in which the member is signed in."""

    id: str
    device: str
    started: str
    used: str
    here: bool
    """Whether it is the one that shows the page."""


@dataclass(frozen=True)
class SecurityPage(View):
    """Where the member is signed in, with a way to end that."""

    template = "pages/security.html"

    sessions: Sequence[SessionRow]
    ways: OwnWays
