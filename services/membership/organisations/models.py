"""The table of organisations."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base

_STANDS = text("merged_into IS NULL")


class Organisation(Base, table=True):
    """One organisation, known to everybody.

    A row that was merged into another stays, so that its id, slug and name lead on.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        Index(
            "uq_organisations_ror_id",
            "ror_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(
            "uq_organisations_vat_id",
            "vat_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=200)
    # The name as compared: whoever writes it a little differently means the same one.
    name_key: str = Field(max_length=200, unique=True)
    helix_side: str = Field(max_length=16)
    region_code: str | None = Field(default=None, max_length=8)
    country: str | None = Field(default=None, max_length=2)
    description: str = Field(default="", sa_column=Column(Text, nullable=False))
    expertise: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # What it knows with its people who are listed, as terms and by their English names.
    term_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    knows: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    website: str | None = Field(default=None, max_length=500)
    ror_id: str | None = Field(default=None, max_length=9)
    vat_id: str | None = Field(default=None, max_length=20)
    # When a moderator found that it is what it says, and who; None once that is in doubt.
    verified_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    verified_by: str | None = Field(default=None, max_length=36)
    # The one that it turned out to be; that one may be merged in turn.
    merged_into: str | None = Field(default=None, max_length=36, index=True)
    # By what likely duplicates are found: host of the website, words and sound of the name.
    domain: str | None = Field(default=None, max_length=253, index=True)
    alike: str = Field(default="", max_length=200, index=True)
    sounds: str = Field(default="", max_length=40, index=True)
    # The name, folded for suggestions.
    folded_name: str = Field(default="", sa_column=Column(Text, nullable=False))
    # Name and expertise, folded for the search.
    words: str = Field(sa_column=Column(Text, nullable=False))
    made_up: bool = False
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    @property
    def verified(self) -> bool:
        """Whether a moderator found that it is what it says, and nothing of that has changed."""
        return self.verified_at is not None


class Apart(Base, table=True):
    """Two organisations that look alike and are not one, as a moderator found; lower id first."""

    __tablename__ = "organisations_apart"

    first_id: str = Field(primary_key=True, foreign_key="organisations.id", max_length=36)
    second_id: str = Field(
        primary_key=True, foreign_key="organisations.id", max_length=36, index=True
    )
