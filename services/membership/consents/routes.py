"""HTTP to the service of consents and back."""

from datetime import UTC, datetime

from events.catalogue.membership import Consent
from services.kit.app import Db
from services.kit.identity import Member
from services.kit.routes import Router
from services.membership.consents import service
from services.membership.consents.schemas import ConsentStanding, ConsentText, ConsentWish

router = Router(tags=["consents"])


@router.get("/consents")
async def list_texts() -> list[ConsentText]:
    """What people are asked to agree to, in the language of the request."""
    return service.texts()


@router.get("/members/me/consents")
def read_own_consents(db: Db, member: Member) -> list[ConsentStanding]:
    """What the caller agrees to, and every answer they gave."""
    with db.reader() as session:
        return service.standing(session, member.contact_id or "")


@router.put("/members/me/consents/{purpose}")
def answer_consent(
    db: Db, member: Member, purpose: Consent, wish: ConsentWish
) -> list[ConsentStanding]:
    """Give or take back one consent."""
    with db.unit_of_work() as session:
        contact_id = member.contact_id or ""
        service.answer(
            session, contact_id, purpose=purpose, given=wish.given, moment=datetime.now(UTC)
        )
        return service.standing(session, contact_id)
