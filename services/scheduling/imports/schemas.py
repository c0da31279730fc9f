"""What goes in and out of the imports' routes."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.kit.fields import Id, WallClock
from services.scheduling.agenda.schemas import Uid
from services.scheduling.gatherings.schemas import GatheringCreate

Dates = Annotated[list[WallClock], Field(max_length=600)]


class GatheringImported(GatheringCreate):
    """A gathering from elsewhere, known by its UID there; dates are local starts of a series."""

    source_uid: Uid
    rdates: Dates = []
    exdates: Dates = []


class GatheringTaken(BaseModel):
    """What became of it."""

    id: Id
    slug: str
    outcome: Literal["made", "changed", "same"]
