"""What comes out of the matches' routes."""

from typing import Literal

from pydantic import BaseModel

from services.kit.fields import Id

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
