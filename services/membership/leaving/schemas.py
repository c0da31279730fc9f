"""What goes in and out of the routes of leaving."""

from datetime import datetime

from pydantic import BaseModel


class LeavingRead(BaseModel):
    """Until when somebody who is leaving can come back."""

    erase_at: datetime
