"""HTTP to questions' service and back."""

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Caller, Member
from services.kit.routes import Router
from services.scheduling.attendance.service import seen
from services.scheduling.questions import service
from services.scheduling.questions.schemas import AnswersRead, QuestionCreate, QuestionRead

router = Router(tags=["questions"])


@router.get("/gatherings/{id}/questions")
def list_questions(db: Db, caller: Caller, id: Id) -> list[QuestionRead]:
    """What is asked of those who register."""
    with db.reader() as session:
        seen(session, id, caller)
        return service.asked(session.connection(), id)


@router.post("/gatherings/{id}/questions", status_code=201)
def ask_question(db: Db, caller: Member, id: Id, order: QuestionCreate) -> QuestionRead:
    """Ask something of those who register; for the organiser."""
    with db.unit_of_work() as session:
        return service.ask(session, gathering_id=id, order=order, caller=caller)


@router.post("/questions/{id}/withdraw", status_code=204)
def withdraw_question(db: Db, caller: Member, id: Id) -> None:
    """Ask it no more."""
    with db.unit_of_work() as session:
        service.withdraw(session, question_id=id, caller=caller)


@router.get("/gatherings/{id}/answers")
def list_answers(db: Db, caller: Member, id: Id) -> list[AnswersRead]:
    """What everybody answered, and what they need to take part; for the organiser."""
    with db.reader() as session:
        return service.all_given(session, gathering_id=id, caller=caller)
