"""Pages of joining."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class JoinPage(View):
    """The form to become a member: first who one is, then the fields that fit.

    `side` is empty until that is chosen, `query` begins every address of this page, `invitation`
    is the secret of those who were invited, whose address is known and stays.
    """

    template = "pages/accounts/join.html"
    kept = True

    form: Form
    side: str
    query: str
    invitation: str
    sides: Sequence[Choice]
    regions: Sequence[Group]
    zones: Sequence[Group]
    languages: Sequence[Choice]
    interests: Sequence[Choice]
    consents: Sequence[Choice]


@dataclass(frozen=True)
class JoiningClosedPage(View):
    """Nobody can join just now, and whom to ask."""

    template = "pages/accounts/joining_closed.html"
    kept = True

    contact: str
