"""The page on which an event gets its picture."""

from dataclasses import dataclass

from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class CoverPage(View):
    """The picture there is, and the form that brings another."""

    template = "pages/organise/cover.html"

    slug: str
    title: str
    picture: str
    """Where it is; empty without one."""
    alt: str
    form: Form
