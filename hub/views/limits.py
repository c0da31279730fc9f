"""The page for those who have to wait."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.shell import View


@dataclass(frozen=True)
class TooManyPage(View):
    """Too many forms came from one address; this one can be sent again as it is."""

    template = "pages/too_many.html"

    title: str
    detail: str
    wait: str
    """What to do, with how long it takes."""
    action: str
    fields: Sequence[tuple[str, str]]
    """All that was typed, so that nobody types it twice."""
