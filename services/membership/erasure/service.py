"""Use cases of erasure: forget somebody here, tell the others, and collect their answers."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, delete, exists, or_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue import SERVICES
from events.catalogue.membership import (
    ContactState,
    ErasureChased,
    ErasureCompleted,
    MemberErased,
)
from events.envelope import Context, new_id
from services.kit.errors import Gone, NotFound
from services.kit.forgetting import forget_parked, say_later
from services.kit.timers import TIMERS, drop_timer, set_timer
from services.membership.accounts import service as accounts
from services.membership.contacts import freshness
from services.membership.contacts import service as contacts
from services.membership.contacts.models import ConsentRecord, Contact
from services.membership.directory import service as directory
from services.membership.erasure.models import Erasure, ErasureConfirmation
from services.membership.erasure.rules import (
    ADDRESS_KEPT,
    GUESTS_KEPT,
    INVITED_KEPT,
    PENDING_KEPT,
    missing,
    next_chase,
)
from services.membership.erasure.schemas import (
    Confirmation,
    ErasureRead,
    Reapplied,
    Reason,
    ReceiptMinted,
)
from services.membership.expertise import service as expertise
from services.membership.exports import service as exports
from services.membership.identities import service as identities
from services.membership.joining import invitations
from services.membership.leaving import service as leaving
from services.membership.organisations import service as organisations
from services.membership.passkeys import service as passkeys
from services.membership.representatives import forgetting as representatives
from services.membership.roles import service as roles
from services.membership.suspensions import service as suspensions

log = structlog.get_logger()

CHASE = "erasure.chase"
FORGET_ADDRESS = "erasure.forget-address"


def _consents(session: Session, contact_id: str) -> None:
    """What the person agreed to goes with them."""
    records = delete(ConsentRecord).where(col(ConsentRecord.contact_id) == contact_id)
    session.connection().execute(records)


NOUNS: tuple[Callable[[Session, str], object], ...] = (
    accounts.forget,
    passkeys.forget,
    identities.forget,
    roles.forget,
    suspensions.forget,
    representatives.forget,
    organisations.forget,
    exports.forget,
    leaving.forget,
    _consents,
    freshness.forget,
    invitations.forget,
    expertise.forget,
    directory.forget,
)
"""Each takes what it keeps of a person out of its tables, before the person's own row goes."""


def erase(
    session: Session, *, contact_id: str, reason: Reason, moment: datetime, lag: timedelta
) -> Erasure:
    """Forget somebody, now and here, and have every service forget them; raises NotFound.

    `lag` is how long Kafka may keep what a tombstone replaced: then it is written once more.
    """
    return _erase(session, contacts.locked(session, contact_id), reason, moment, lag)


def erase_due(session: Session, contact_id: str, moment: datetime, *, lag: timedelta) -> None:
    """What the timer does when the time to come back is over."""
    # Whoever holds the contact may be about to drop the timer, which is held here.
    contact = session.get(Contact, contact_id, with_for_update={"nowait": True})
    if contact and contact.status == "leaving" and contact.erase_at and contact.erase_at <= moment:
        _erase(session, contact, "left", moment, lag)


def confirmed(
    session: Session,
    *,
    erasure_id: str,
    service: str,
    moment: datetime,
    context: Context | None = None,
) -> None:
    """A service has forgotten somebody; when it is the last, the receipt is owed."""
    erasure = session.get(Erasure, erasure_id, with_for_update=True)
    if erasure is None:
        # Of a database from before the erasure: `hub gdpr reapply` asks anew.
        log.warning("erasure_unknown", erasure_id=erasure_id)
        return
    _confirm(session, erasure_id, service, moment)
    if erasure.completed_at is None and not missing(_who(session, erasure_id)):
        erasure.completed_at = moment
        drop_timer(session, kind=CHASE, key=erasure_id)
        session.add(erasure)
        if erasure.email:
            outbox.add(session, ErasureCompleted(erasure_id=erasure_id), context=context)


def chase(session: Session, erasure_id: str, moment: datetime) -> None:
    """What the timer does: ask those services again that have not confirmed."""
    erasure = session.get(Erasure, erasure_id, with_for_update={"nowait": True})
    if erasure is None or erasure.completed_at:
        return
    late = missing(_who(session, erasure_id))
    log.warning("erasure_chased", erasure_id=erasure_id, services=late)
    _ask(session, erasure, late)
    erasure.chased += 1
    session.add(erasure)
    set_timer(session, kind=CHASE, key=erasure_id, due_at=moment + next_chase(erasure.chased))


def mint_receipt(session: Session, *, erasure_id: str) -> ReceiptMinted:
    """Where the receipt goes and what it lists, for the mail about to be sent; raises Gone."""
    erasure = session.get(Erasure, erasure_id)
    if erasure is None or erasure.email is None or erasure.completed_at is None:
        raise Gone("There is no receipt to be sent.")
    return ReceiptMinted(
        email=erasure.email,
        language=erasure.language or "en",
        time_zone=erasure.time_zone or "UTC",
        erased_at=erasure.erased_at,
        confirmations=_confirmations(session, erasure_id),
    )


def receipt_sent(session: Session, *, erasure_id: str, moment: datetime) -> None:
    """The receipt went out: its address is forgotten."""
    erasure = session.get(Erasure, erasure_id, with_for_update=True)
    if erasure is not None:
        erasure.receipt_sent_at = erasure.receipt_sent_at or moment
        _forget_address(session, erasure)
        drop_timer(session, kind=FORGET_ADDRESS, key=erasure_id)


def forget_address(session: Session, erasure_id: str, moment: datetime) -> None:
    """What the timer does when a receipt could not be sent for too long."""
    erasure = session.get(Erasure, erasure_id, with_for_update={"nowait": True})
    if erasure is not None:
        _forget_address(session, erasure)


def reapply(session: Session, *, contact_id: str, moment: datetime, lag: timedelta) -> Reapplied:
    """Somebody was erased, and a backup from before was restored: erase them again everywhere."""
    contact = session.get(Contact, contact_id, with_for_update=True)
    if contact is not None:
        known = _known(session, contact_id)
        if known:
            session.connection().execute(
                delete(ErasureConfirmation).where(col(ErasureConfirmation.erasure_id) == known.id)
            )
            session.delete(known)
            session.flush()
        _erase(session, contact, "restored", moment, lag)
        return Reapplied(contact_id=contact_id, was_back=True)
    erasure = _known(session, contact_id)
    if erasure is None:
        erasure = Erasure(id=new_id(), contact_id=contact_id, reason="restored", erased_at=moment)
        session.add(erasure)
        session.flush()
        _confirm(session, erasure.id, "membership", moment)
        set_timer(session, kind=CHASE, key=erasure.id, due_at=moment + next_chase(0))
    _ask(session, erasure, [service for service in SERVICES if service != "membership"])
    return Reapplied(contact_id=contact_id, was_back=False)


def listed(session: Session) -> list[ErasureRead]:
    """All erasures, oldest first."""
    found = session.exec(select(Erasure).order_by(col(Erasure.erased_at), col(Erasure.id))).all()
    return [_read(session, erasure) for erasure in found]


def find(session: Session, *, contact_id: str) -> ErasureRead:
    """The erasure of somebody; raises NotFound."""
    erasure = _known(session, contact_id)
    if erasure is None:
        raise NotFound("Nobody with this id was erased.")
    return _read(session, erasure)


def expire(session: Session, moment: datetime, *, lag: timedelta, most: int = 100) -> int:
    """Forget people past their terms: accounts never confirmed, people of imports never asked."""
    status, made = col(Contact.status), col(Contact.created_at)
    seen = col(Contact.checked_at)
    asked = exists().where(
        TIMERS.c.kind == invitations.FORGET_INVITED, TIMERS.c.key == col(Contact.id)
    )
    past = or_(
        and_(status == "pending", made <= moment - PENDING_KEPT),
        # Whom an invitation waits for is erased by its own timer.
        and_(status == "invited", made <= moment - INVITED_KEPT, ~asked),
        and_(
            status == "guest",
            made <= moment - GUESTS_KEPT,
            or_(seen.is_(None), seen <= moment - GUESTS_KEPT),
        ),
    )
    found = session.exec(
        select(Contact).where(past).order_by(Contact.id).limit(most).with_for_update()
    ).all()
    for contact in found:
        _erase(session, contact, "term", moment, lag)
    return len(found)


def _erase(
    session: Session, contact: Contact, reason: Reason, moment: datetime, lag: timedelta
) -> Erasure:
    contact_id = contact.id
    for forget in NOUNS:
        forget(session, contact_id)
    session.flush()
    forget_parked(session, contact_id)
    # Whoever never had an account here is owed no receipt: they may not know of the hub.
    owed = reason in ("left", "asked") and contact.status not in ("pending", "invited")
    erasure = Erasure(
        id=new_id(),
        contact_id=contact_id,
        reason=reason,
        erased_at=moment,
        email=contact.email if owed else None,
        language=contact.language if owed else None,
        time_zone=contact.time_zone if owed else None,
    )
    version = contact.version + 1
    session.delete(contact)
    session.add(erasure)
    session.flush()
    outbox.bury(session, ContactState, id=contact_id, version=version)
    outbox.add(session, MemberErased(contact_id=contact_id, erasure_id=erasure.id))
    _confirm(session, erasure.id, "membership", moment)
    set_timer(session, kind=CHASE, key=erasure.id, due_at=moment + next_chase(0))
    if owed:
        set_timer(session, kind=FORGET_ADDRESS, key=erasure.id, due_at=moment + ADDRESS_KEPT)
    say_later(session, ContactState.TYPE, contact_id, moment + lag)
    return erasure


def _forget_address(session: Session, erasure: Erasure) -> None:
    erasure.email = erasure.language = erasure.time_zone = None
    session.add(erasure)


def _ask(session: Session, erasure: Erasure, services: Sequence[str]) -> None:
    asked = ErasureChased(
        contact_id=erasure.contact_id, erasure_id=erasure.id, services=tuple(services)
    )
    outbox.add(session, asked)


def _confirm(session: Session, erasure_id: str, service: str, moment: datetime) -> None:
    """Twice is once: the first time counts."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if sqlite else postgresql_insert
    row = {"erasure_id": erasure_id, "service": service, "confirmed_at": moment}
    table = ErasureConfirmation.__table__  # type: ignore[attr-defined]
    session.connection().execute(insert(table).values(row).on_conflict_do_nothing())


def _confirmations(session: Session, erasure_id: str) -> list[Confirmation]:
    found = session.exec(
        select(ErasureConfirmation)
        .where(ErasureConfirmation.erasure_id == erasure_id)
        .order_by(col(ErasureConfirmation.confirmed_at), col(ErasureConfirmation.service))
    )
    return [Confirmation.model_validate(each) for each in found]


def _who(session: Session, erasure_id: str) -> list[str]:
    return [each.service for each in _confirmations(session, erasure_id)]


def _known(session: Session, contact_id: str) -> Erasure | None:
    found = select(Erasure).where(Erasure.contact_id == contact_id)
    return session.exec(found.with_for_update()).first()


def _read(session: Session, erasure: Erasure) -> ErasureRead:
    given = _confirmations(session, erasure.id)
    return ErasureRead.model_validate(
        {
            **erasure.model_dump(exclude={"email", "language", "time_zone", "chased"}),
            "confirmations": given,
            "missing": missing(each.service for each in given),
        }
    )
