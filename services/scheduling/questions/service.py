"""Use cases of questions: what is asked, and what was answered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlmodel import Session

from events.envelope import new_id
from services.kit.errors import Conflict, NotFound
from services.kit.identity import Identity
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.access import managed
from services.scheduling.questions.models import Answer, Question
from services.scheduling.questions.rules import answered, check_question
from services.scheduling.questions.schemas import (
    MOST_QUESTIONS,
    AnswersRead,
    QuestionCreate,
    QuestionRead,
)
from services.scheduling.registrations.models import Registration

_Q = Question.__table__  # type: ignore[attr-defined]
_A = Answer.__table__  # type: ignore[attr-defined]
_R = Registration.__table__  # type: ignore[attr-defined]
_ASKED = (
    select(_Q)
    .where(_Q.c.gathering_id == bindparam("gathering"), _Q.c.withdrawn.is_(False))
    .order_by(_Q.c.place, _Q.c.id)
)
_DROP = delete(_A).where(_A.c.registration_id == bindparam("row"))
_INSERT = insert(_A)


def asked(connection: Connection, gathering_id: str) -> list[QuestionRead]:
    """What is asked of those who register, in order."""
    rows = connection.execute(_ASKED, {"gathering": gathering_id})
    return [QuestionRead.model_validate(row) for row in rows]


def ask(
    session: Session, *, gathering_id: str, order: QuestionCreate, caller: Identity
) -> QuestionRead:
    """Add a question at the end; raises Invalid."""
    gathering = gatherings.locked(session, gathering_id, caller)
    check_question(order)
    asked_before = select(func.count(), func.max(_Q.c.place)).where(
        _Q.c.gathering_id == gathering_id, _Q.c.withdrawn.is_(False)
    )
    count, last = session.connection().execute(asked_before).one()
    if count >= MOST_QUESTIONS:
        raise Conflict("There are enough questions: more are answered by nobody.")
    question = Question(
        id=new_id(), gathering_id=gathering.id, place=(last or 0) + 1, **order.model_dump()
    )
    session.add(question)
    gathering.asks = True
    session.add(gathering)
    session.flush()
    return QuestionRead.model_validate(question)


def withdraw(session: Session, *, question_id: str, caller: Identity) -> None:
    """Ask it no more; answers given stay until their term."""
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound("There is no such question.")
    gathering = gatherings.locked(session, question.gathering_id, caller)
    question.withdrawn = True
    session.add(question)
    session.flush()
    gathering.asks = bool(asked(session.connection(), gathering.id))
    session.add(gathering)


def keep(
    connection: Connection, *, registration_id: str, gathering_id: str, given: Mapping[str, Any]
) -> None:
    """Keep the answers of one registration in place of those before; raises Invalid."""
    kept = answered(asked(connection, gathering_id), given)
    connection.execute(_DROP, {"row": registration_id})
    if kept:
        connection.execute(
            _INSERT,
            [
                {"registration_id": registration_id, "question_id": id, "value": value}
                for id, value in kept.items()
            ],
        )


def check(connection: Connection, *, gathering_id: str, given: Mapping[str, Any]) -> None:
    """Raise Invalid for answers that do not fit, keeping none."""
    answered(asked(connection, gathering_id), given)


def given_by(connection: Connection, registration_id: str) -> dict[str, Any]:
    """What one person answered, by question."""
    rows = connection.execute(select(_A).where(_A.c.registration_id == registration_id))
    return {row.question_id: row.value for row in rows}


def worded(connection: Connection, registration_id: str) -> dict[str, Any]:
    """What one person answered, by the words of the question."""
    rows = connection.execute(
        select(_Q.c.label, _A.c.value)
        .join(_Q, _Q.c.id == _A.c.question_id)
        .where(_A.c.registration_id == registration_id)
        .order_by(_Q.c.place)
    )
    return {row.label: row.value for row in rows}


def all_given(session: Session, *, gathering_id: str, caller: Identity) -> list[AnswersRead]:
    """What everybody answered and needs, for who looks after the gathering."""
    managed(session, gathering_id, caller)
    connection = session.connection()
    given: dict[str, dict[str, Any]] = {}
    for row in connection.execute(
        select(_A)
        .join(_R, _R.c.id == _A.c.registration_id)
        .where(_R.c.gathering_id == gathering_id, _R.c.status != "cancelled")
    ):
        given.setdefault(row.registration_id, {})[row.question_id] = row.value
    needs = connection.execute(
        select(_R.c.id, _R.c.access_needs).where(
            _R.c.gathering_id == gathering_id, _R.c.status != "cancelled"
        )
    )
    return [
        AnswersRead(
            registration_id=row.id, answers=given.get(row.id, {}), access_needs=row.access_needs
        )
        for row in needs
        if row.id in given or row.access_needs
    ]


def forget(connection: Connection, registration_id: str) -> None:
    """Drop what a person answered."""
    connection.execute(_DROP, {"row": registration_id})
