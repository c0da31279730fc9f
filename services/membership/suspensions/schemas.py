"""What goes in and out of the routes of suspensions."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.kit.fields import Id, Prose


class SuspensionCreate(BaseModel):
    """Why an account is closed; moderators see it, nobody else."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=2000)]


class SuspensionRead(BaseModel):
    """One line of the record of suspensions."""

    model_config = ConfigDict(from_attributes=True)

    reason: str
    suspended_by: Id | None
    suspended_at: datetime
    reinstated_by: Id | None
    reinstated_at: datetime | None
