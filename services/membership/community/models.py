"""The table of the community."""

from datetime import datetime

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base

COMMUNITY_ID = "00000000-0000-0000-0000-000000000001"
"""The community's id: there is one."""


class Community(Base, table=True):
    """What the hub says about itself: one row, or none before anybody said anything."""

    __tablename__ = "community"

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    name: str = Field(max_length=200)
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    joining_open: bool
    controller: str = Field(sa_column=Column(Text, nullable=False))
    controller_email: str = Field(max_length=254)
    imprint: str = Field(sa_column=Column(Text, nullable=False))
    funding: str = Field(sa_column=Column(Text, nullable=False))
    # None: an administrator changed something on a hub that was never set up by its page.
    set_up_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
