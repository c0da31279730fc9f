"""Lists of events on other sites."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.cards import EventCard
from hub.views.shell import View


@dataclass(frozen=True)
class EmbedCodes:
    """What partners copy to show a list on their own site."""

    frame: str
    data: str
    link: str


@dataclass(frozen=True)
class EmbedPage(View):
    """Events in a frame of another site."""

    template = "pages/embeds/events.html"
    kept = True

    events: Sequence[EventCard]
    path: str
    """Where the same list is on the hub itself."""
