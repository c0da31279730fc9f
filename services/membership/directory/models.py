"""The tables of the directory; everything in them can be made anew from people and organisations.

A row keeps its number for good, since readers keep bitmaps by it; the row of somebody who left
is emptied and its number given to the next one.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Entry(Base, table=True):
    """One person or organisation that somebody may find, as it is searched."""

    __tablename__ = "directory_entries"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    # None: nobody is here any more.
    subject_id: str | None = Field(default=None, max_length=36, unique=True)
    revised: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    # The name as it is sorted; words of names; what it is counted by: all folded, with a
    # space between.
    name: str = Field(sa_column=Column(Text, nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    facets: str = Field(sa_column=Column(Text, nullable=False))


class Clock(Base, table=True):
    """Numbers the changes of the directory in the order in which they are committed."""

    __tablename__ = "directory_clock"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    revised: int = Field(sa_column=Column(BigInteger, nullable=False))
    # How many numbers of entries were given.
    numbers: int


class Export(Base, table=True):
    """A list of the directory that somebody took away; rows are only ever added."""

    __tablename__ = "directory_exports"

    id: str = Field(primary_key=True, max_length=36)
    # None: they are erased.
    contact_id: str | None = Field(default=None, max_length=36)
    # What was chosen; not the words, which may be the name of somebody who is erased one day.
    asked: str = Field(sa_column=Column(Text, nullable=False))
    entries: int
    taken_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
