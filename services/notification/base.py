"""The registry of notification's tables."""

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from events.tables import add_backbone_tables
from services.kit.db import NAMING
from services.kit.timers import add_timer_table


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Every table of notification derives from this."""


add_backbone_tables(Base.metadata)
add_timer_table(Base.metadata)
