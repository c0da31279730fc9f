"""HTTP to the service of consents and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.identity import Member
from services.kit.routes import Router
from services.membership.consents import service
from services.membership.consents.schemas import ConsentAsked, ConsentRead, ConsentWish
from services.membership.contacts import service as contacts
from services.membership.contacts.schemas import MemberProfile

router = Router(tags=["consents"])


@router.get("/consents")
def list_texts() -> list[ConsentAsked]:
    """What people are asked to agree to, in the language of the request."""
    return service.asked()


@router.get("/members/me/consents")
def read_own_consents(db: Db, member: Member) -> list[ConsentRead]:
    """Every answer the caller gave, newest first."""
    with db.reader() as session:
        return service.history(session, member.contact_id or "")


@router.post("/members/me/consents")
def answer(db: Db, member: Member, wish: ConsentWish) -> MemberProfile:
    """Give or take back one consent."""
    with db.unit_of_work() as session:
        return contacts.consent(
            session,
            id=member.contact_id or "",
            purpose=wish.purpose,
            given=wish.given,
            moment=datetime.now(UTC),
        )
