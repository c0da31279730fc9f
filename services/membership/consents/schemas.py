"""What goes in and out of the routes of consents."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from events.catalogue.membership import Consent


class ConsentText(BaseModel):
    """What is asked for one purpose, in the reader's language."""

    purpose: Consent
    version: int
    title: str
    text: str
    hash: str
    language: str


class ConsentAnswer(BaseModel):
    """One answer as it was given."""

    model_config = ConfigDict(from_attributes=True)

    given: bool
    text_version: int
    text_hash: str
    language: str
    source: str
    recorded_at: datetime


class ConsentStanding(ConsentText):
    """How a member stands to one purpose; `outdated` when the words have changed since."""

    given: bool
    outdated: bool
    history: list[ConsentAnswer]


class ConsentWish(BaseModel):
    """A consent given, or taken back."""

    model_config = ConfigDict(extra="forbid")

    given: bool
