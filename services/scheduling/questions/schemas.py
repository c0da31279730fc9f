"""What goes in and out of questions' routes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.kit.fields import Id, Line, OptionalLine

QuestionKind = Literal["short", "long", "choice", "several", "number", "date", "consent"]
Label = Annotated[Line, StringConstraints(max_length=200)]
MOST_QUESTIONS = 20
MOST_OPTIONS = 30


class QuestionCreate(BaseModel):
    """A new question; `options` are for choices alone."""

    model_config = ConfigDict(extra="forbid")

    kind: QuestionKind = "short"
    label: Label
    help: OptionalLine = ""
    required: bool = False
    options: list[Label] = Field(default=[], max_length=MOST_OPTIONS)


class QuestionRead(BaseModel):
    """A question as it is asked."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    kind: QuestionKind
    label: str
    help: str
    required: bool
    options: list[str]


class AnswersRead(BaseModel):
    """What one person answered, by question, and what they need to take part."""

    registration_id: Id
    answers: dict[Id, Any]
    access_needs: str
