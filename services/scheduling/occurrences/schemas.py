"""What goes in and out of the routes of dates."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.kit.fields import OptionalLine, WallClock


class OccurrenceChange(BaseModel):
    """What is to be different about the date known by its start by the rule.

    With `following`, all later dates move by as much and get the same title and place. What is
    left out stays as it is; times are wall-clock in the gathering's zone.
    """

    model_config = ConfigDict(extra="forbid")

    occurrence: WallClock
    starts_local: WallClock | None = None
    ends_local: WallClock | None = None
    title: OptionalLine | None = None
    location: OptionalLine | None = None
    following: bool = False


class OccurrenceCancel(BaseModel):
    """The date that will not take place, or that and all later ones."""

    model_config = ConfigDict(extra="forbid")

    occurrence: WallClock
    following: bool = False


class OccurrenceRead(BaseModel):
    """One date; title and place are empty when they are those of the whole series."""

    model_config = ConfigDict(from_attributes=True)

    occurrence: datetime
    starts_local: datetime
    ends_local: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    location: str
    cancelled: bool
    changed: bool
