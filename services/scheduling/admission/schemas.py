"""What goes in and out of admission's routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from events.catalogue.membership import HelixSide
from events.catalogue.scheduling import Attending
from services.kit.fields import Region

Admits = Literal["open", "members", "invited"]
Seats = Annotated[int, Field(ge=1, le=100_000)]


class Reserved(BaseModel):
    """Seats kept for people of one side or one region, of those where it is held."""

    model_config = ConfigDict(extra="forbid")

    attending: Attending | Literal[""] = ""
    by: Literal["side", "region"]
    value: str = Field(max_length=16)
    seats: Seats


class Admission(BaseModel):
    """Who may register, when, and for which seats.

    `capacity` is of all seats; a hybrid gathering has `capacity_online` and `capacity_onsite`
    instead. Reserved seats are part of these. `offer_hours` of 0 gives a free seat to the first
    in line at once.
    """

    model_config = ConfigDict(extra="forbid")

    admits: Admits = "open"
    admits_sides: list[HelixSide] = Field(default=[], max_length=5)
    admits_regions: list[Region] = Field(default=[], max_length=20)
    needs_approval: bool = False
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    capacity: Seats | None = None
    capacity_online: Seats | None = None
    capacity_onsite: Seats | None = None
    reserved: list[Reserved] = Field(default=[], max_length=10)
    offer_hours: Annotated[int, Field(ge=0, le=240)] = 0


class Pool(BaseModel):
    """Seats of one kind, as everybody may know them; no limit when `capacity` is None."""

    model_config = ConfigDict(from_attributes=True)

    attending: str
    reserved_by: str
    reserved_for: str
    capacity: int | None
    taken: int


class AdmissionRead(Admission):
    """The same as it holds now, with how many seats of each kind are taken."""

    pools: list[Pool] = []
    opens_at: datetime | None = None
    closes_at: datetime | None = None
