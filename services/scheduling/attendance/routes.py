"""HTTP to attendance's service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path

from services.kit.app import Db
from services.kit.fields import Id, WallClock
from services.kit.identity import Caller, Member
from services.kit.routes import Router
from services.scheduling.attendance import service
from services.scheduling.attendance.schemas import (
    AttendanceRead,
    CertificateRead,
    CheckIn,
    Counted,
    EntryRead,
    Presence,
    TicketCode,
    TicketRead,
    VideoAttendance,
    WalkIn,
)

router = Router(tags=["attendance"])

Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@router.post("/gatherings/{id}/enter")
def enter_gathering(db: Db, caller: Member, id: Id) -> EntryRead:
    """The way in, for those with a seat while the doors are open, and for the organiser."""
    with db.unit_of_work() as session:
        return service.enter(session, gathering_id=id, caller=caller, moment=datetime.now(UTC))


@router.post("/registrations/by-secret/{secret}/enter")
def enter_by_secret(db: Db, secret: Secret) -> EntryRead:
    """The same by the link in a mail."""
    with db.unit_of_work() as session:
        return service.enter_by_secret(session, secret=secret, moment=datetime.now(UTC))


@router.post("/gatherings/{id}/walk-ins")
def let_walk_in(db: Db, caller: Caller, id: Id, order: WalkIn) -> EntryRead:
    """Let in somebody without a registration, if a seat is left."""
    with db.unit_of_work() as session:
        return service.walk_in(
            session, gathering_id=id, order=order, caller=caller, moment=datetime.now(UTC)
        )


@router.get("/gatherings/{id}/direct-address")
def read_direct_address(db: Db, caller: Member, id: Id) -> EntryRead:
    """The online address itself: for the organiser, and for those with a seat once released."""
    with db.reader() as session:
        return service.direct_address(session, gathering_id=id, caller=caller)


@router.post("/gatherings/{id}/direct-address/release", status_code=204)
def release_direct_address(db: Db, caller: Member, id: Id) -> None:
    """Show the direct address to everybody with a seat."""
    with db.unit_of_work() as session:
        service.release(session, gathering_id=id, released=True, caller=caller)


@router.post("/gatherings/{id}/direct-address/hide", status_code=204)
def hide_direct_address(db: Db, caller: Member, id: Id) -> None:
    """Show the direct address to nobody any more."""
    with db.unit_of_work() as session:
        service.release(session, gathering_id=id, released=False, caller=caller)


@router.get("/gatherings/{id}/attendance")
def list_attendance(
    db: Db, caller: Member, id: Id, occurrence: WallClock | None = None
) -> AttendanceRead:
    """Everybody with a seat at one date, and who came; for the organiser."""
    with db.reader() as session:
        return service.listed(
            session,
            gathering_id=id,
            occurrence=occurrence,
            caller=caller,
            moment=datetime.now(UTC),
        )


@router.post("/gatherings/{id}/attendance/import")
def import_attendance(db: Db, caller: Member, id: Id, order: VideoAttendance) -> Counted:
    """Write down those of whom the video service says that they came."""
    with db.unit_of_work() as session:
        return service.take_over(
            session,
            gathering_id=id,
            registration_ids=order.registration_ids,
            occurrence=order.occurrence,
            caller=caller,
            moment=datetime.now(UTC),
        )


@router.post("/registrations/{id}/check-in")
def check_in(db: Db, caller: Member, id: Id, order: CheckIn) -> Presence:
    """Write down that somebody is here."""
    with db.unit_of_work() as session:
        return service.check_in(
            session,
            registration_id=id,
            occurrence=order.occurrence,
            caller=caller,
            moment=datetime.now(UTC),
        )


@router.post("/registrations/{id}/check-in/undo")
def undo_check_in(db: Db, caller: Member, id: Id, order: CheckIn) -> Presence:
    """Take a check-in back that was a mistake."""
    with db.unit_of_work() as session:
        return service.undo(
            session,
            registration_id=id,
            occurrence=order.occurrence,
            caller=caller,
            moment=datetime.now(UTC),
        )


@router.post("/registrations/{id}/ticket")
def make_ticket(db: Db, caller: Caller, id: Id) -> TicketCode:
    """The code that a person shows at the door."""
    with db.unit_of_work() as session:
        return TicketCode(code=service.ticket_of(session, registration_id=id, caller=caller))


@router.post("/registrations/by-secret/{secret}/ticket")
def make_ticket_by_secret(db: Db, secret: Secret) -> TicketCode:
    """The same by the link in a mail."""
    with db.unit_of_work() as session:
        return TicketCode(code=service.ticket_by_secret(session, secret=secret))


@router.get("/tickets/{code}")
def read_ticket(db: Db, caller: Member, code: Secret) -> TicketRead:
    """Whose ticket this is; for the organiser of the gathering."""
    with db.reader() as session:
        return service.read_ticket(session, code=code, caller=caller, moment=datetime.now(UTC))


@router.get("/gatherings/{id}/certificate")
def read_certificate(db: Db, caller: Member, id: Id) -> CertificateRead:
    """What may be certified of the caller's attendance."""
    with db.reader() as session:
        return service.certificate(
            session, gathering_id=id, caller=caller, moment=datetime.now(UTC)
        )
