"""Pages of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.cards import PersonCard
from hub.views.shell import Pager, View


@dataclass(frozen=True)
class MembersPage(View):
    """The members' directory."""

    template = "pages/members/list.html"

    people: Sequence[PersonCard]
    pager: Pager
    query: str
