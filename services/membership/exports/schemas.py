"""What goes in and out of the exports' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.kit.fields import Id
from services.membership.accounts.schemas import Secret


class ExportMade(BaseModel):
    """A link to one's data; the secret is shown this once."""

    secret: str
    expires_at: datetime


class ExportUsed(BaseModel):
    """A wish to fetch one's data by a link's secret."""

    model_config = ConfigDict(extra="forbid")

    contact_id: Id
    secret: Secret
