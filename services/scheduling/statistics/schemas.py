"""What statistics' routes give."""

from datetime import date

from pydantic import BaseModel

from services.kit.fields import Id


class SeatCounts(BaseModel):
    """How many have a seat in one gathering, wait in line, and ask to be let in."""

    gathering_id: Id
    seats: int
    waiting: int
    asking: int


class DayCount(BaseModel):
    """How many of those with a seat now had registered by the end of a day, in UTC."""

    day: date
    seats: int


class StatisticsRead(SeatCounts):
    """The same with the days on which somebody registered, and where those with a seat stand.

    Under the empty code stand those of whom nothing is known, such as guests.
    """

    days: list[DayCount]
    sides: dict[str, int]
    regions: dict[str, int]
