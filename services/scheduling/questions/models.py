"""The tables of questions and answers."""

from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from services.scheduling.base import Base


class Question(Base, table=True):
    """What an organiser asks; one that was answered is only withdrawn, never removed."""

    __tablename__ = "questions"

    id: str = Field(primary_key=True, max_length=36)
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36, index=True)
    place: int
    kind: str = Field(max_length=12)
    label: str = Field(max_length=300)
    help: str = Field(default="", max_length=400)
    required: bool = False
    options: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    withdrawn: bool = False


class Answer(Base, table=True):
    """What one person answered; goes with the registration, and by the term of keeping."""

    __tablename__ = "answers"

    registration_id: str = Field(primary_key=True, foreign_key="registrations.id", max_length=36)
    question_id: str = Field(
        primary_key=True, foreign_key="questions.id", max_length=36, index=True
    )
    value: Any = Field(sa_column=Column(JSON, nullable=False))
