"""HTTP to the accounts' service and back: for the hub itself, and one's own sessions."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.errors import Invalid
from services.kit.fields import Id
from services.kit.identity import HubItself, Member
from services.kit.routes import Router
from services.membership.accounts import service
from services.membership.accounts.schemas import (
    Accepted,
    CodeHeld,
    LinkMinted,
    SecretHeld,
    SessionBrief,
    SessionKept,
    SessionRead,
    SessionStarted,
    SignInCreate,
    SignInHeld,
)

router = Router(tags=["accounts"])


@router.post("/sign-ins", status_code=202)
def ask_to_sign_in(db: Db, hub: HubItself, order: SignInCreate) -> Accepted:
    """Ask for a sign-in link; what follows comes by mail."""
    with db.unit_of_work() as session:
        service.ask_to_sign_in(
            session, email=order.email, asked_by=order.asked_by, moment=datetime.now(UTC)
        )
    return Accepted()


@router.post("/sessions", status_code=201)
def sign_in(db: Db, hub: HubItself, held: SignInHeld) -> SessionStarted:
    """Use a sign-in link, in the browser that asked for it."""
    with db.unit_of_work() as session:
        return service.sign_in(session, **dict(held), moment=datetime.now(UTC))


@router.post("/sessions/by-code", status_code=201)
def sign_in_by_code(db: Db, hub: HubItself, held: CodeHeld) -> SessionStarted:
    """Use the code of a mail, in the browser that asked for it."""
    with db.unit_of_work() as session:
        started = service.sign_in_by_code(session, **dict(held), moment=datetime.now(UTC))
    # After the commit: a try that failed counts.
    if started is None:
        raise Invalid(
            "This is not the code of the newest mail. Please check its six digits.", field="code"
        )
    return started


@router.post("/sessions/lookup")
def look_up_session(db: Db, hub: HubItself, held: SecretHeld) -> SessionRead:
    """Who is signed in with this session's secret."""
    moment = datetime.now(UTC)
    with db.reader() as session:
        found = service.look_up(session, secret=held.secret, moment=moment)
    if found.used_on < moment.date():
        with db.unit_of_work() as session:
            service.note_use(session, session_id=found.session_id, moment=moment)
    return found


@router.post("/sessions/revoke", status_code=204)
def revoke_session(db: Db, hub: HubItself, held: SecretHeld) -> None:
    """Sign out."""
    with db.unit_of_work() as session:
        service.revoke(session, secret=held.secret)


@router.get("/sessions")
def own_sessions(db: Db, caller: Member) -> list[SessionBrief]:
    """Where the caller is signed in, the latest first."""
    with db.reader() as session:
        return service.sessions_of(session, caller.contact_id or "", datetime.now(UTC))


@router.post("/sessions/{session_id}/end", status_code=204)
def end_session(db: Db, caller: Member, session_id: Id) -> None:
    """End one of the caller's sessions."""
    with db.unit_of_work() as session:
        service.end_one(session, contact_id=caller.contact_id or "", session_id=session_id)


@router.post("/sessions/end-others", status_code=204)
def end_other_sessions(db: Db, caller: Member, kept: SessionKept) -> None:
    """End all of the caller's sessions but one."""
    with db.unit_of_work() as session:
        service.end_all(session, caller.contact_id or "", keep=kept.session_id)


@router.post("/links/{link_id}/mint")
def mint_link(db: Db, hub: HubItself, link_id: Id) -> LinkMinted:
    """A fresh secret for the mail about to be sent."""
    with db.unit_of_work() as session:
        return service.mint(session, link_id=link_id, moment=datetime.now(UTC))
