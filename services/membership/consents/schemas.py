"""What goes in and out of the routes of consents."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from events.catalogue.membership import Consent


class ConsentAsked(BaseModel):
    """What is asked for one purpose, in the reader's language."""

    purpose: Consent
    version: int
    title: str
    words: str


class ConsentRead(BaseModel):
    """One answer as it was given; `current` when the text still reads as it did in its version."""

    model_config = ConfigDict(from_attributes=True)

    purpose: Consent
    given: bool
    text_version: int
    text_hash: str
    language: str
    source: str
    recorded_at: datetime
    current: bool = True


class ConsentWish(BaseModel):
    """A consent given, or taken back."""

    model_config = ConfigDict(extra="forbid")

    purpose: Consent
    given: bool
