"""What goes in and out of the materials' routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit.fields import Id, Line, Link

MaterialKind = Literal["slides", "recording", "document", "link"]
FileId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class MaterialCreate(BaseModel):
    """A file that was brought, or a link to where it is: one of the two."""

    model_config = ConfigDict(extra="forbid")

    kind: MaterialKind
    title: Line
    url: Link | None = None
    file_id: FileId | None = None


class MaterialRead(BaseModel):
    """One thing left of a gathering; `told` says whether people had a mail since it is there."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    kind: MaterialKind
    title: str
    url: str
    file_id: str | None
    added_at: datetime
    told: bool
