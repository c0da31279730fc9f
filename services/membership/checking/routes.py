"""HTTP to the service of checking and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.identity import HubItself, Member
from services.kit.routes import Router
from services.membership.accounts.schemas import SecretHeld
from services.membership.checking import service

router = Router(tags=["checking"])


@router.post("/members/me/checked", status_code=204)
def say_still_right(db: Db, member: Member) -> None:
    """Say that one's own profile still holds."""
    with db.unit_of_work() as session:
        service.still_right(session, contact_id=member.contact_id or "", moment=datetime.now(UTC))


@router.post("/profile-checks", status_code=204)
def say_still_right_by_link(db: Db, hub: HubItself, held: SecretHeld) -> None:
    """The same by the link of a mail."""
    with db.unit_of_work() as session:
        service.still_right_by_link(session, secret=held.secret, moment=datetime.now(UTC))
