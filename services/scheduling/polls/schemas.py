"""What goes in and out of the polls' routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.kit.fields import Id, Line, OptionalLine, Prose, WallClock, Zone

MOST_SLOTS = 20
MOST_INVITED = 100
"""People invited at once."""
Part = Annotated[Line, StringConstraints(max_length=80)]
Choice = Literal["yes", "maybe", "no"]
Votes = dict[Id, Choice]
Status = Literal["open", "closed"]


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


class PollCreate(BaseModel):
    """Dates to ask about, by the clock of a zone, and the parts that must be played."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    description: Prose = ""
    time_zone: Zone
    minutes: int = Field(ge=5, le=14 * 24 * 60)
    slots: list[WallClock] = Field(min_length=2, max_length=MOST_SLOTS)
    roles: Annotated[list[Part], AfterValidator(_each_once)] = Field(default=[], max_length=10)
    closes_local: WallClock


class Invitation(BaseModel):
    """A person to ask, what the organiser calls them, and the part they play, if any."""

    model_config = ConfigDict(extra="forbid")

    contact_id: Id
    name: OptionalLine = ""
    role: OptionalLine = ""


class InvitationsCreate(BaseModel):
    """People to ask; those asked before get no second mail."""

    model_config = ConfigDict(extra="forbid")

    invitations: list[Invitation] = Field(min_length=1, max_length=MOST_INVITED)


class Voted(BaseModel):
    """What somebody says to the dates, and who they are when no one knows them."""

    model_config = ConfigDict(extra="forbid")

    votes: Votes
    name: OptionalLine = ""
    role: OptionalLine = ""


class Chosen(BaseModel):
    """The date it is to be."""

    model_config = ConfigDict(extra="forbid")

    slot_id: Id


class SlotRead(BaseModel):
    """One date with how it stands; `missing` are parts that nobody could play."""

    id: Id
    starts_local: datetime
    ends_local: datetime
    yes: int
    maybe: int
    no: int
    missing: list[str]


class BallotRead(BaseModel):
    """What one person said."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    contact_id: Id | None
    name: str
    role: str
    votes: Votes
    voted_at: datetime | None


class PollBrief(BaseModel):
    """A poll as lists show it; `open` says whether votes are taken now."""

    id: Id
    title: str
    description: str
    time_zone: str
    minutes: int
    roles: list[str]
    status: Status
    open: bool
    closes_at: datetime
    organiser_id: str
    gathering_id: Id | None
    voted: int
    asked: int


class PollRead(PollBrief):
    """A poll as its organiser sees it; `suggested` is the slot that fits best."""

    code: str
    slots: list[SlotRead]
    suggested: Id | None
    ballots: list[BallotRead]


class PollToVote(PollBrief):
    """A poll as a voter sees it: how dates stand, and the own ballot when there is one."""

    slots: list[SlotRead]
    own: BallotRead | None


class BallotSecret(BaseModel):
    """What the link to a ballot carries."""

    secret: str
