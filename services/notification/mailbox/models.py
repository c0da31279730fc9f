"""The table of mails that were kept instead of sent."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.notification.base import Base


class Mail(Base, table=True):
    """One mail as it would have gone out."""

    __tablename__ = "mails"

    message_id: str = Field(primary_key=True, max_length=320)
    contact_id: str = Field(max_length=36, index=True)
    recipient: str = Field(max_length=320)
    subject: str = Field(sa_column=Column(Text, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    html: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
