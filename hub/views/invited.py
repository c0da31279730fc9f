"""The page on which an organiser invites people."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class Invited:
    """Somebody who is invited: a name that the organiser may see, or the address."""

    id: str
    name: str


@dataclass(frozen=True)
class InvitedPage(View):
    """Who is invited to an event, and the form that invites more."""

    template = "pages/organise/invited.html"

    slug: str
    title: str
    people: Sequence[Invited]
    may_invite: bool
    """Whether the event is published and still to come."""
    form: Form
