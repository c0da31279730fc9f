"""Pages of joining."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class JoinPage(View):
    """The form to become a member."""

    template = "pages/accounts/join.html"
    kept = True

    form: Form
    sides: Sequence[Choice]
    regions: Sequence[Group]
    zones: Sequence[Group]
    zone: str
    languages: Sequence[Choice]


@dataclass(frozen=True)
class JoiningClosedPage(View):
    """Nobody can join just now, and whom to ask."""

    template = "pages/accounts/joining_closed.html"
    kept = True

    contact: str
