"""What goes out of the notices' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.kit.fields import Id


class NoticeRead(BaseModel):
    """A notice; `path` is the page of the hub that it leads to."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    kind: str
    title: str
    body: str
    path: str
    made_at: datetime
    read: bool


class UnreadCount(BaseModel):
    """How many notices the caller has not read."""

    count: int
