"""The tables of passkeys."""

from datetime import datetime

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Passkey(Base, table=True):
    """A key that one of a member's devices holds; here is its public half."""

    __tablename__ = "passkeys"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(foreign_key="contacts.id", max_length=36, index=True)
    # As the device names it, in base64url; at most 1023 bytes (WebAuthn, section 4).
    credential_id: str = Field(max_length=1400, unique=True)
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    # How often it was used, where the device counts; 0 where it does not.
    sign_count: int
    label: str = Field(max_length=200)
    transports: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Whether it is copied to other devices of the same person.
    backed_up: bool
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class Challenge(Base, table=True):
    """What a device was asked to sign; the row goes when it is answered."""

    __tablename__ = "passkey_challenges"

    challenge_hash: str = Field(primary_key=True, max_length=64)
    # SHA-256 of who may answer: a browser's secret, or the session that a passkey is added in.
    holder_hash: str = Field(max_length=64)
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
