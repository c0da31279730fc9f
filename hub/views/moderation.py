"""Pages of moderators."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.shell import Pager, View


@dataclass(frozen=True)
class DeskWay:
    """A part of the desk."""

    path: str
    title: str
    text: str
    icon: str
    waits: Sequence[str] = ()
    """How much of what waits there."""


@dataclass(frozen=True)
class DeskPage(View):
    """What moderators look after."""

    template = "pages/moderation/desk.html"

    ways: Sequence[DeskWay]


@dataclass(frozen=True)
class AccountRow:
    """An account in one look."""

    id: str
    name: str
    side: str
    side_label: str
    region: str
    suspended: bool
    roles: Sequence[str]


@dataclass(frozen=True)
class AccountsPage(View):
    """Accounts, whether or not anybody else finds them."""

    template = "pages/moderation/people.html"

    accounts: Sequence[AccountRow]
    total: int
    form: Form
    pager: Pager


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has now; of coordinators, with the code and name of the region."""

    role: str
    label: str
    region_code: str
    region: str


@dataclass(frozen=True)
class LogRow:
    """One thing that was done to an account, why, and by whom."""

    when: str
    what: str
    reason: str
    by: str


@dataclass(frozen=True)
class AccountPage(View):
    """One account: its roles, whether it is open, and what was done to it."""

    template = "pages/moderation/person.html"

    account: AccountRow
    joined: str
    held: Sequence[HeldRole]
    log: Sequence[LogRow]
    form: Form
    roles: Sequence[Choice]
    regions: Sequence[Group]
    can_change_roles: bool
    can_suspend: bool
