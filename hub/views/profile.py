"""Pages of one's own profile and consents."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class ProfilePage(View):
    """Everything a member can correct; `citizen` says whether topics are asked."""

    template = "pages/me/profile.html"

    form: Form
    address: Form
    email: str
    citizen: bool
    hidden: bool
    """Whether the hub hid the profile, for nobody said in time that it still holds."""
    sides: Sequence[Choice]
    regions: Sequence[Group]
    zones: Sequence[Group]
    languages: Sequence[Choice]
    interests: Sequence[Choice]
    visibilities: Sequence[Choice]


@dataclass(frozen=True)
class ConsentRow:
    """One purpose: what is asked, how the member stands to it, and every answer."""

    purpose: str
    title: str
    words: str
    given: bool
    renewed: bool
    history: Sequence[str]


@dataclass(frozen=True)
class ConsentsPage(View):
    """What a member agrees to."""

    template = "pages/me/consents.html"

    rows: Sequence[ConsentRow]
