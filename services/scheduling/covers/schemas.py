"""What goes into the covers' routes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.fields import Line

FileId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CoverSet(BaseModel):
    """A picture that was brought, with what it shows in words; without a file, other words."""

    model_config = ConfigDict(extra="forbid")

    file_id: FileId | None = None
    alt: Line
