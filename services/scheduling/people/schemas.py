"""What goes in and out of the routes of a gathering's people."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.kit.fields import Id

Role = Literal["co-organiser", "host"]


class PersonOrder(BaseModel):
    """Somebody, and what they are to a gathering."""

    model_config = ConfigDict(extra="forbid")

    contact_id: Id
    role: Role
