"""Pages of organisations."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.cards import OrganisationCard, ProjectCard
from hub.views.shell import Facet, Pager, View


@dataclass(frozen=True)
class OrganisationsPage(View):
    """Organisations by name."""

    template = "pages/organisations/list.html"
    kept = True

    organisations: Sequence[OrganisationCard]
    total: int
    facets: Sequence[Facet]
    chips: Sequence[tuple[str, str]]
    """What the list is narrowed to, each with the address of the list without it."""
    pager: Pager
    query: str


@dataclass(frozen=True)
class OrganisationPerson:
    """Someone of an organisation, whom the reader may see."""

    id: str
    name: str
    side: str
    role: str
    role_label: str
    choices: Sequence[Choice]
    """What else this person can be made."""


@dataclass(frozen=True)
class OpenAsk:
    """Someone who wants to be something for an organisation."""

    id: str
    name: str
    wish: str
    asked: str
    works_here: bool
    same_domain: bool


@dataclass(frozen=True)
class OwnPart:
    """What the reader is for an organisation, wants to be, and may do."""

    role: str
    label: str
    asked: str
    """What was asked for, in words; empty when nothing was."""
    removed: bool
    may_edit: bool
    may_manage: bool
    last_owner: bool
    choices: Sequence[Choice]
    """What the reader can ask for."""


@dataclass(frozen=True)
class OrganisationPage(View):
    """One organisation."""

    template = "pages/organisations/show.html"
    kept = True

    card: OrganisationCard
    description: str
    website: str
    website_shown: str
    ror_id: str
    vat_id: str
    verified: str
    """The day when a moderator verified it; empty when none did."""
    people: Sequence[OrganisationPerson]
    more: int
    owned: bool
    own: OwnPart | None
    """None for visitors."""
    asks: int
    projects: Sequence[ProjectCard]
    form: Form


@dataclass(frozen=True)
class OrganisationEditPage(View):
    """The form that changes an organisation."""

    template = "pages/organisations/edit.html"

    slug: str
    name: str
    verified: bool
    form: Form
    sides: Sequence[Choice]
    regions: Sequence[Group]
    countries: Sequence[Choice]


@dataclass(frozen=True)
class OrganisationPeoplePage(View):
    """Who is of an organisation, for those who decide."""

    template = "pages/organisations/people.html"

    slug: str
    name: str
    domain_known: bool
    people: Sequence[OrganisationPerson]
    more: int
    asks: Sequence[OpenAsk]
    decides: bool
    owner: bool
    last_owner: bool
    heirs: Sequence[Choice]
    """Whom the reader can hand the organisation over to."""
    form: Form


@dataclass(frozen=True)
class UnverifiedRow:
    """An organisation that nobody has looked at."""

    card: OrganisationCard
    id: str
    since: str
    people: int
    owned: bool


@dataclass(frozen=True)
class PairSide:
    """One of two that look alike."""

    id: str
    slug: str
    name: str
    region: str
    website: str
    verified: bool


@dataclass(frozen=True)
class Pair:
    """Two organisations that may be one; the first is the one that should stay."""

    first: PairSide
    second: PairSide
    same_domain: bool


@dataclass(frozen=True)
class OrganisationReviewPage(View):
    """What moderators look at."""

    template = "pages/organisations/review.html"

    unverified: Sequence[UnverifiedRow]
    pager: Pager
    pairs: Sequence[Pair]
    form: Form
