"""The tables of accounts; of every secret only the SHA-256 is kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Link(Base, table=True):
    """What a mail offers, once: to confirm a join or to sign in."""

    __tablename__ = "links"

    id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(max_length=16)
    # None: an unknown address was entered, and the answer must cost the same.
    contact_id: str | None = Field(
        default=None, foreign_key="contacts.id", max_length=36, index=True
    )
    # The hash of what the browser that asked holds; only there the link signs in.
    asked_by: str | None = Field(default=None, max_length=64, index=True)
    # How often a code was typed in that browser.
    tries: int = 0
    # The join form this link confirms; counts for nothing until then, and goes when used.
    form: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class LinkSecret(Base, table=True):
    """One secret of a link; each mail about it has its own, and using one uses the link."""

    __tablename__ = "link_secrets"

    secret_hash: str = Field(primary_key=True, max_length=64)
    link_id: str = Field(foreign_key="links.id", max_length=36, index=True)
    # Of the code in the same mail. Six digits are soon guessed from it, and are worth nothing
    # without the secret of the browser that asked.
    code_hash: str | None = Field(default=None, max_length=64)


class AccountSession(Base, table=True):
    """A signed-in browser; the row is gone when the session has ended."""

    __tablename__ = "sessions"

    id: str = Field(primary_key=True, max_length=36)
    secret_hash: str = Field(max_length=64, unique=True)
    contact_id: str = Field(foreign_key="contacts.id", max_length=36, index=True)
    # What its owner knows it by, such as Firefox and Windows; empty where that is not known.
    browser: str = Field(default="", max_length=40)
    system: str = Field(default="", max_length=40)
    started_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # When its owner last proved who they are.
    proved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # The day is enough to find one that is forgotten, and is written once.
    used_on: date
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
