"""What goes out of the versions' routes."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from events.catalogue.scheduling import GatheringStatus


class Change(BaseModel):
    """One field that changed; both values are None where they are nobody's business."""

    field: str
    before: Any = None
    after: Any = None


class VersionRead(BaseModel):
    """One change of a gathering."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    status: GatheringStatus
    changed_at: datetime
    changes: list[Change]
