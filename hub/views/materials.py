"""Pages of what is left of a gathering."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.cards import EventCard
from hub.views.shell import View


@dataclass(frozen=True)
class MaterialShown:
    """One file or link."""

    id: str
    title: str
    kind: str
    path: str
    told: bool


@dataclass(frozen=True)
class MaterialsPage(View):
    """Everything there is, for somebody with a seat."""

    template = "pages/running/materials.html"

    event: EventCard
    materials: Sequence[MaterialShown]


@dataclass(frozen=True)
class MaterialsEditPage(View):
    """The same for the organiser, who adds and removes."""

    template = "pages/organise/materials.html"

    slug: str
    title: str
    materials: Sequence[MaterialShown]
    untold: int
    """How many of them nobody was told of."""
    may_tell: bool
    kinds: Sequence[Choice]
    form: Form
