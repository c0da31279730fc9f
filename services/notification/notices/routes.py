"""HTTP to the inbox and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.notification.notices import service
from services.notification.notices.schemas import NoticeRead, UnreadCount

router = Router(prefix="/notices", tags=["notices"])


@router.get("")
def list_notices(
    db: Db, member: Member, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[NoticeRead]:
    """The caller's notices, newest first."""
    with db.reader() as session:
        return service.inbox(session, contact_id=member.contact_id or "", limit=limit)


@router.get("/unread")
def count_unread_notices(db: Db, member: Member) -> UnreadCount:
    """How many notices the caller has not read."""
    with db.reader() as session:
        return UnreadCount(count=service.unread(session, contact_id=member.contact_id or ""))


@router.post("/read-all", status_code=204)
def read_all_notices(db: Db, member: Member) -> None:
    """The caller has read everything."""
    with db.unit_of_work() as session:
        service.mark_all_read(session, contact_id=member.contact_id or "", moment=datetime.now(UTC))


@router.post("/{id}/read")
def read_notice(db: Db, member: Member, id: Id) -> NoticeRead:
    """The caller has read this notice."""
    with db.unit_of_work() as session:
        return service.mark_read(
            session, id=id, contact_id=member.contact_id or "", moment=datetime.now(UTC)
        )
