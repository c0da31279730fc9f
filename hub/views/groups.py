"""The page on which an organisation registers several of its people."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.shell import View


@dataclass(frozen=True)
class GroupPage(View):
    """Names and addresses of those who shall have seats."""

    template = "pages/events/group.html"

    event: EventCard
    organisation: str
    """For which the reader speaks; empty when they speak for none that was verified."""
    each_alone: bool
    """Whether the event asks something of everybody that nobody else can answer."""
    places: Sequence[Choice]
    most: int
    form: Form
