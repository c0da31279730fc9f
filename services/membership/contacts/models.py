"""The tables of contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Contact(Base, table=True):
    """One person; with an account when the status is member."""

    __tablename__ = "contacts"

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    status: str = Field(max_length=16)
    name: str = Field(max_length=200)
    # Lower case, so that an address is one person however it is typed.
    email: str = Field(max_length=254, unique=True)
    helix_side: str | None = Field(default=None, max_length=16)
    region_code: str | None = Field(default=None, max_length=8)
    organisation_id: str | None = Field(
        default=None, foreign_key="organisations.id", max_length=36, index=True
    )
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    expertise_offered: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    expertise_sought: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    # The same as terms, as everybody is told; the claims themselves are in expertise_claims.
    expertise: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    sought_term_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # What holds now; the history is in consent_records.
    consents: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Who may find a member who agreed to the directory: everybody, members, nobody.
    visibility: str = Field(default="members", max_length=16)
    # What it was before the hub hid a profile that nobody looked after.
    visible_before: str | None = Field(default=None, max_length=16)
    # Broad topics of a citizen: a disease can be read from them, so no state carries them.
    interests: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Codes of the regions that a coordinator looks after; the history is in role_grants.
    coordinates: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    language: str = Field(max_length=8)
    time_zone: str = Field(max_length=64)
    # Name and expertise, folded for the search.
    words: str = Field(sa_column=Column(Text, nullable=False))
    # Of the demonstration; goes with it.
    made_up: bool = False
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # When the member last said that the profile holds.
    checked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    # When a leaving member is erased.
    erase_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class ConsentRecord(Base, table=True):
    """A consent given or withdrawn; rows are only ever added."""

    __tablename__ = "consent_records"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(foreign_key="contacts.id", max_length=36, index=True)
    purpose: str = Field(max_length=16)
    given: bool
    # What was agreed to: the version of the text, its SHA-256 and language, and where.
    text_version: int = 1
    text_hash: str = Field(default="", max_length=64)
    language: str = Field(default="", max_length=8)
    source: str = Field(default="", max_length=16)
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
