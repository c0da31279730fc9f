"""What goes out of the mailbox's route."""

from datetime import datetime

from pydantic import BaseModel


class MailRead(BaseModel):
    """A mail; `links` are the addresses in its text, in their order."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    links: list[str]
    made_at: datetime
