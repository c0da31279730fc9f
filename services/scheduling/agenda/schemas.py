"""What goes in and out of the agenda's routes."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.kit.fields import Id, Language, Line, Prose, WallClock, as_line

Label = Annotated[str, AfterValidator(as_line), StringConstraints(max_length=80)]
Kind = Annotated[str, AfterValidator(as_line), StringConstraints(max_length=40)]
Uid = Annotated[str, AfterValidator(as_line), StringConstraints(min_length=1, max_length=255)]
Speakers = Annotated[list[Line], Field(max_length=20)]

BATCH = 200
"""Sessions that one request can bring in."""


class SessionCreate(BaseModel):
    """A new entry of the agenda; times are wall-clock in the gathering's zone."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    kind: Kind = ""
    abstract: Prose = ""
    starts_local: WallClock
    ends_local: WallClock
    track: Label = ""
    room: Label = ""
    speakers: Speakers = []
    language: Language = "en"


class SessionUpdate(BaseModel):
    """What may change; fields left out stay as they are, and so do those that are null."""

    model_config = ConfigDict(extra="forbid")

    title: Line | None = None
    kind: Kind | None = None
    abstract: Prose | None = None
    starts_local: WallClock | None = None
    ends_local: WallClock | None = None
    track: Label | None = None
    room: Label | None = None
    speakers: Speakers | None = None
    language: Language | None = None


class SessionImported(SessionCreate):
    """An entry from elsewhere, known by its UID there."""

    source_uid: Uid


class SessionsImported(BaseModel):
    """Entries from elsewhere, all of them or none."""

    model_config = ConfigDict(extra="forbid")

    sessions: Annotated[list[SessionImported], Field(min_length=1, max_length=BATCH)]


class AgendaEntry(BaseModel):
    """An entry of the agenda as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    gathering_id: Id
    slug: str
    title: str
    kind: str
    starts_local: datetime
    ends_local: datetime
    starts_at: datetime
    ends_at: datetime
    track: str
    room: str
    speakers: list[str]
    language: str
    sequence: int
    revised_at: datetime


class SessionRead(AgendaEntry):
    """An entry of the agenda."""

    abstract: str


class SessionsTaken(BaseModel):
    """What became of imported entries, by UID."""

    made: list[str] = []
    changed: list[str] = []
    same: list[str] = []


class SessionFound(AgendaEntry):
    """An entry of an agenda with the gathering that it belongs to."""

    gathering_slug: str
    gathering_title: str
    time_zone: str
