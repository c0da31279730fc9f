"""What goes in and out of the demonstration's routes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.fields import Id

Ids = Annotated[list[Id], Field(max_length=10_000)]


class MadeUp(BaseModel):
    """Whom the demonstration brought."""

    model_config = ConfigDict(extra="forbid")

    contact_ids: Ids
    organisation_ids: Ids


class Removed(BaseModel):
    """How many things of each kind are gone now."""

    counts: dict[str, int]
