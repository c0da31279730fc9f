"""What goes in and out of the routes of addresses."""

from pydantic import BaseModel, ConfigDict

from services.kit.fields import Email


class AddressWanted(BaseModel):
    """The address a member wants to be reached at."""

    model_config = ConfigDict(extra="forbid")

    email: Email
