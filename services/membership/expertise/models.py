"""The tables of expertise."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement
from sqlmodel import Field, col

from services.kit.db import UtcDateTime
from services.membership.base import Base
from services.membership.expertise.rules import CROWD


class Term(Base, table=True):
    """A term that somebody claimed, of the vocabulary or free; others have no row."""

    __tablename__ = "terms"

    id: str = Field(primary_key=True, max_length=48)
    version: int
    audience: str = Field(max_length=80)
    scheme: str = Field(max_length=8)
    status: str = Field(max_length=16)
    # As told; a newer vocabulary is told when it says something else.
    told: str = Field(max_length=64)
    # Of free terms: as written, and as compared.
    label: str = Field(default="", max_length=80)
    key: str | None = Field(default=None, max_length=200, unique=True)
    mapped_to: str | None = Field(default=None, max_length=48)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Claim(Base, table=True):
    """A person or an organisation says that they know about a term, or look for it."""

    __tablename__ = "expertise_claims"

    # A contact's or an organisation's id.
    holder_id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(primary_key=True, max_length=8)
    term_id: str = Field(primary_key=True, max_length=48, index=True)
    holder: str = Field(max_length=12)
    # As sorted by the holder.
    place: int
    level: str | None = Field(default=None, max_length=12)
    proof: str | None = Field(default=None, max_length=500)
    claimed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # Whether others may find the holder; whom and how this counts for in an organisation, and
    # whether everybody may know it of the holder.
    listed: bool = False
    counts_openly: bool = False
    counts_for: str | None = Field(default=None, max_length=36)
    counts_as: str | None = Field(default=None, max_length=12)


class Endorsement(Base, table=True):
    """A member confirms what another says to know."""

    __tablename__ = "endorsements"

    contact_id: str = Field(primary_key=True, max_length=36)
    term_id: str = Field(primary_key=True, max_length=48)
    endorser_id: str = Field(primary_key=True, max_length=36, index=True)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class OrganisationTerm(Base, table=True):
    """What an organisation knows: by itself, and how many of its people at which level."""

    __tablename__ = "organisation_terms"

    organisation_id: str = Field(primary_key=True, max_length=36)
    term_id: str = Field(primary_key=True, max_length=48, index=True)
    own: int = 0
    learning: int = 0
    practising: int = 0
    leading: int = 0
    # How many of these people may be found by everybody.
    openly: int = 0

    @classmethod
    def told(cls) -> ColumnElement[bool]:
        """Whether it may be said of the organisation: see `rules.may_tell`."""
        people = col(cls.learning) + cls.practising + cls.leading
        return (col(cls.own) > 0) | (col(cls.openly) > 0) | (people >= CROWD)
