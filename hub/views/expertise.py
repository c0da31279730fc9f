"""Pages of expertise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.shell import Pager, View


@dataclass(frozen=True)
class ClaimRow:
    """What somebody knows: a term, how well in words, where it can be seen, who confirms it."""

    term_id: str
    label: str
    path: str
    """The page of the term; empty for words of one's own."""
    level: str
    proof: str
    endorsed: int
    endorsers: Sequence[tuple[str, str]]
    """Pages and names of those who confirm it and whom the reader may see."""
    own: bool
    """Whether the reader confirms it."""


@dataclass(frozen=True)
class Claims:
    """What a person knows and looks for, for the part of a page that shows it."""

    contact_id: str
    offered: Sequence[ClaimRow]
    sought: Sequence[tuple[str, str]]
    """Labels and pages of terms."""
    can_endorse: bool


@dataclass(frozen=True)
class TermRow:
    """A term with how many people and organisations offer it, and how many people seek it."""

    label: str
    path: str
    people: int
    organisations: int
    seekers: int

    @property
    def offering(self) -> int:
        """People and organisations together."""
        return self.people + self.organisations


@dataclass(frozen=True)
class ThemeRow:
    """A broad theme: its terms, and those of them that somebody offers or seeks, most first."""

    id: str
    label: str
    path: str
    terms: Sequence[TermRow]
    used: Sequence[TermRow]


@dataclass(frozen=True)
class ExpertisePage(View):
    """The vocabulary by themes, with what this community offers and seeks."""

    template = "pages/expertise/list.html"
    kept = True

    themes: Sequence[ThemeRow]
    others: Sequence[TermRow]
    terms: int
    """How many terms there are in all themes."""


@dataclass(frozen=True)
class Offers:
    """Somebody who offers a term."""

    name: str
    path: str
    organisation: str
    level: str
    endorsed: int


@dataclass(frozen=True)
class TermPage(View):
    """One term: what it is called, what is around it, and who offers it."""

    template = "pages/expertise/show.html"
    kept = True

    row: TermRow
    labels: Sequence[tuple[str, str, str]]
    """Languages, their names, and what the term is called in each."""
    synonyms: Sequence[str]
    broader: Sequence[tuple[str, str]]
    narrower: Sequence[TermRow]
    people: Sequence[Offers]
    organisations: Sequence[tuple[str, str]]
    heading: str
    of_mesh: bool
    directory: str
    """The list of all people who offer it."""


@dataclass(frozen=True)
class MyExpertisePage(View):
    """What the member knows, how well and where that can be seen, and what they look for."""

    template = "pages/expertise/mine.html"

    form: Form
    numbers: Sequence[int]
    """Numbers of the rows of the form."""
    levels: Sequence[Choice]
    names: Mapping[int, str]
    """What the term of each row is called."""


@dataclass(frozen=True)
class SuggestedRow:
    """Words that a member wrote, how often they are used, and what they may mean."""

    id: str
    label: str
    offered: int
    sought: int
    likely: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SuggestedTermsPage(View):
    """Words of members that wait for a moderator."""

    template = "pages/moderation/terms.html"

    rows: Sequence[SuggestedRow]
    pager: Pager
    form: Form
    refused: str
    """The id of the row whose form came back with a complaint."""
