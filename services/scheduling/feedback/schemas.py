"""What goes in and out of feedback's routes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.fields import Id, Prose

Rating = Annotated[int, Field(ge=1, le=5)]


class FeedbackCreate(BaseModel):
    """What somebody says; their name goes with it only when `named`."""

    model_config = ConfigDict(extra="forbid")

    rating: Rating
    text: Prose = ""
    named: bool = False


class FeedbackStanding(BaseModel):
    """Whether the caller may say something (`open`), or has."""

    open: bool
    given: bool


class Remark(BaseModel):
    """What one person wrote."""

    rating: Rating
    text: str
    contact_id: Id | None


class FeedbackRead(BaseModel):
    """What all said: how often each rating from 1 to 5 was given, and the texts."""

    asked: int
    ratings: list[int]
    mean: float | None
    remarks: list[Remark]
