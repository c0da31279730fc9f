"""Files that nothing refers to any more do not stay."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from services.kit.files import Files
from services.scheduling.base import Base
from services.scheduling.questions.models import Answer, Question

COLUMNS = ("file_id", "cover", "cover_small")
"""Names of all columns that refer to a file."""
GRACE = timedelta(days=1)
"""From bringing a file to sending the form that it is part of."""


def used(session: Session) -> set[str]:
    """Ids of all files that something refers to."""
    found: set[str] = set()
    for table in Base.metadata.tables.values():
        for name in COLUMNS:
            if name in table.c:
                column = table.c[name]
                wanted = select(column).where(column.is_not(None))
                found.update(session.connection().execute(wanted).scalars())
    answers = select(Answer.value).join(Question, col(Question.id) == col(Answer.question_id))
    for value in session.exec(answers.where(Question.kind == "file")):
        found.add(str(value.get("file_id")) if isinstance(value, dict) else str(value))
    return found


def tidy(session: Session, moment: datetime, *, files: Files) -> int:
    """A sweep: what nothing refers to goes."""
    return files.remove_others(used(session), before=moment - GRACE)
