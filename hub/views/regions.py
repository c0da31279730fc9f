"""Pages of the partnership's regions."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class RegionRow:
    """A region of the partnership in a list; `places` are what it consists of."""

    slug: str
    name: str
    places: Sequence[str]


@dataclass(frozen=True)
class RegionsPage(View):
    """All regions of the partnership, and a form for one more."""

    template = "pages/regions/list.html"

    regions: Sequence[RegionRow]
    form: Form


@dataclass(frozen=True)
class RegionPage(View):
    """One region of the partnership, to be changed or taken away."""

    template = "pages/regions/edit.html"

    name: str
    slug: str
    form: Form
