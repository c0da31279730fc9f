"""What comes out of the matches' routes."""

from typing import Literal

from pydantic import BaseModel

from services.kit.fields import Id
from services.matchmaking.demo_cases.schemas import DemoCaseRead

Kind = Literal["member", "organisation"]


class MatchRead(BaseModel):
    """A candidate with the reason for its place; `score` lies in [0, 1]."""

    kind: Kind
    id: Id
    name: str
    score: float
    covers: list[str]
    missing: list[str]
    reason: str


class DemoCaseOverview(BaseModel):
    """A demo-case with those that fit it, best first; None for those who may not know."""

    demo_case: DemoCaseRead
    matches: list[MatchRead] | None
