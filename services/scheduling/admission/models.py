"""The table of kinds of seats."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from services.scheduling.base import Base


class SeatPool(Base, table=True):
    """Seats of one kind: online or on site, for everybody or reserved for a side or a region.

    `taken` is changed only by guarded updates in seats.py.
    """

    __tablename__ = "seat_pools"
    __table_args__ = (UniqueConstraint("gathering_id", "attending", "reserved_by", "reserved_for"),)

    id: str = Field(primary_key=True, max_length=36)
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36)
    # 'online', 'onsite', or empty where that makes no difference.
    attending: str = Field(default="", max_length=8)
    # 'side' or 'region' with its code; both empty for seats that anybody may take.
    reserved_by: str = Field(default="", max_length=8)
    reserved_for: str = Field(default="", max_length=16)
    capacity: int | None = None
    taken: int = 0
