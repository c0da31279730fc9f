"""What goes in and out of the organisations' routes."""

import re
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from events.catalogue.membership import HelixSide
from services.kit.fields import Country, Id, Line, Link, Prose, Region, Slug, Term
from services.kit.language import N_
from services.membership.organisations import numbers

NO_SITE = N_("This is not the address of a website, such as https://example.org.")
_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", re.UNICODE)


def _each_once(terms: list[str]) -> list[str]:
    return list(dict.fromkeys(terms))


Terms = Annotated[list[Term], Field(max_length=30), AfterValidator(_each_once)]


def _whole(value: object) -> object:
    """An address as people type it, made whole."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _BARE.fullmatch(text):
        return f"https://{text}"
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError(NO_SITE)
    return text


def _of_a_site(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+\.?", host) or parts.username or parts.password:
        raise ValueError(NO_SITE)
    return value


Website = Annotated[Link, BeforeValidator(_whole), AfterValidator(_of_a_site)]
Ror = Annotated[Line, AfterValidator(numbers.ror_id)]
Vat = Annotated[Line, AfterValidator(numbers.vat_id)]


class OrganisationCreate(BaseModel):
    """A new organisation; one whose name means the same as a known one is that one."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    helix_side: HelixSide
    region_code: Region | None = None
    country: Country | None = None
    description: Prose = ""
    expertise: Terms = []
    website: Website | None = None
    ror_id: Ror | None = None
    vat_id: Vat | None = None
    made_up: bool = False


class OrganisationUpdate(BaseModel):
    """What those who speak for an organisation change; fields left out stay as they are.

    Null means none, where that may be. Whether it is verified is not theirs to say.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    helix_side: HelixSide | None = None
    region_code: Region | None = None
    country: Country | None = None
    description: Prose | None = None
    expertise: Terms | None = None
    website: Website | None = None
    ror_id: Ror | None = None
    vat_id: Vat | None = None


class MergeOrder(BaseModel):
    """Which organisation this one turned out to be."""

    model_config = ConfigDict(extra="forbid")

    into_id: Id


class PairOrder(BaseModel):
    """Two organisations that look alike."""

    model_config = ConfigDict(extra="forbid")

    first_id: Id
    second_id: Id


class OrganisationBrief(BaseModel):
    """Enough to name an organisation and link to it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    slug: Slug
    name: str


class OrganisationRead(OrganisationBrief):
    """An organisation as people see it."""

    version: int
    helix_side: HelixSide
    region_code: str | None
    country: str | None
    description: str
    expertise: list[str] = Field(validation_alias=AliasChoices("knows", "expertise"))
    """What it knows with its people who are listed."""
    website: str | None
    ror_id: str | None
    vat_id: str | None
    verified_at: datetime | None
    made_up: bool

    @property
    def verified(self) -> bool:
        """Whether a moderator found that it is what it says."""
        return self.verified_at is not None


class OrganisationFamily(OrganisationRead):
    """An organisation with the ids of those that were merged into it."""

    former_ids: list[Id]


class OrganisationForm(OrganisationRead):
    """An organisation as those who change it see it."""

    own_expertise: list[str]
    """What it offers by itself, in the reader's language; the rest is of its people."""


class Unverified(OrganisationRead):
    """An organisation that no moderator has looked at, and who is of it."""

    created_at: datetime
    people: int
    owned: bool


class Likeness(BaseModel):
    """Two organisations that may be one, and why."""

    first: OrganisationRead
    second: OrganisationRead
    same_domain: bool
    alike: float
    """How alike the names are, from 0 to 1."""


class Review(BaseModel):
    """What moderators look at."""

    unverified: list[Unverified]
    more: bool
    """Whether there are more that nobody verified."""
    duplicates: list[Likeness]
