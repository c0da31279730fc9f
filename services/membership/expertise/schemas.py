"""What goes in and out of the routes of expertise."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.catalogue.membership import Level, TermScheme, TermStatus
from services.kit.fields import Id, Link, Term
from services.membership.organisations.schemas import OrganisationBrief, Terms

TermId = Annotated[
    str, StringConstraints(pattern=r"^(hub:[a-z0-9-]{1,40}|mesh:D\d{6,9}|free:[0-9a-f-]{36})$")
]


class TermBrief(BaseModel):
    """A term by its name in the reader's language; `words` are what a form writes for it."""

    id: TermId
    label: str
    words: str
    scheme: TermScheme
    status: TermStatus = "current"


class Endorser(BaseModel):
    """A member who confirms a claim, named to those who may see them."""

    id: Id
    name: str


class ClaimRead(BaseModel):
    """What somebody knows: how well, where it can be seen, and who confirms it."""

    term: TermBrief
    level: Level
    proof: str | None
    endorsed: int
    endorsers: list[Endorser]
    own_endorsement: bool
    """Whether the reader is among them."""


class ExpertiseRead(BaseModel):
    """What a person knows and looks for; `can_endorse` says whether the reader may confirm it."""

    contact_id: Id
    name: str
    offered: list[ClaimRead]
    sought: list[TermBrief]
    can_endorse: bool


class ClaimWanted(BaseModel):
    """A claim as its holder wants it; the term is an id or words in any language."""

    model_config = ConfigDict(extra="forbid")

    term: Term
    level: Level | None = None
    proof: Link | None = None


class ExpertiseUpdate(BaseModel):
    """All that a member offers and seeks; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    offered: Annotated[list[ClaimWanted], Field(max_length=30)] | None = None
    sought: Terms | None = None


class Suggestion(BaseModel):
    """A term that fits what somebody types; `value` is what the field then holds."""

    value: str
    label: str
    hint: str = ""


class TermCount(BaseModel):
    """A term, and how many people and organisations that can be found offer and seek it."""

    term: TermBrief
    people: int = 0
    organisations: int = 0
    seekers: int = 0


class Theme(BaseModel):
    """A broad theme with its terms."""

    term: TermBrief
    terms: list[TermCount]


class Vocabularies(BaseModel):
    """The themes, and what people offer and seek beside them: headings and words of their own."""

    themes: list[Theme]
    others: list[TermCount]


class Offerer(BaseModel):
    """Somebody who offers a term, and how well they know it."""

    id: Id
    name: str
    level: Level
    endorsed: int
    organisation: OrganisationBrief | None = None


class TermRead(BaseModel):
    """Everything about one term; `people` and `organisations` are the first of those who offer."""

    count: TermCount
    labels: dict[str, str]
    synonyms: list[str]
    broader: list[TermBrief]
    narrower: list[TermCount]
    people: list[Offerer]
    organisations: list[OrganisationBrief]
    heading: str | None = None
    """The MeSH heading that means the same."""


class SuggestedTerm(BaseModel):
    """Words that nobody has looked at, how often they are used, and what they may mean."""

    term: TermBrief
    offered: int
    sought: int
    made_at: datetime
    likely: list[TermBrief]


class TermMapping(BaseModel):
    """The term that a suggestion means, by its id or in words."""

    model_config = ConfigDict(extra="forbid")

    into: Term
