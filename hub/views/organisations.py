"""Pages of organisations."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.cards import OrganisationCard
from hub.views.shell import Pager, View


@dataclass(frozen=True)
class OrganisationsPage(View):
    """Organisations by name."""

    template = "pages/organisations/list.html"
    kept = True

    organisations: Sequence[OrganisationCard]
    pager: Pager
    query: str


@dataclass(frozen=True)
class OrganisationPage(View):
    """One organisation."""

    template = "pages/organisations/show.html"
    kept = True

    card: OrganisationCard
    description: str
