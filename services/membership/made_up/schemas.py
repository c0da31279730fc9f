"""What goes in and out of the demonstration's routes."""

from pydantic import BaseModel

from services.kit.fields import Id


class MadeUp(BaseModel):
    """Whom the demonstration brought; what they did in other services goes before they do."""

    contact_ids: list[Id]
    organisation_ids: list[Id]


class Removed(BaseModel):
    """How many things of each kind are gone now."""

    counts: dict[str, int]
