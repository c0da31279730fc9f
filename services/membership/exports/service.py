"""Use cases of exports."""

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from events.envelope import new_id
from services.kit.errors import Gone
from services.kit.timers import set_timer
from services.membership.accounts.rules import kept
from services.membership.contacts import service as contacts
from services.membership.exports.models import DataExport
from services.membership.exports.rules import EXPORT_LIFETIME
from services.membership.exports.schemas import ExportMade

FORGET_EXPORT = "exports.forget"


def make(session: Session, *, contact_id: str, moment: datetime) -> ExportMade:
    """A link to a person's data; an earlier one of theirs ends. Raises NotFound."""
    contacts.locked(session, contact_id)
    forget(session, contact_id)
    secret = secrets.token_urlsafe(32)
    made = DataExport(
        id=new_id(),
        contact_id=contact_id,
        secret_hash=kept(secret),
        expires_at=moment + EXPORT_LIFETIME,
    )
    session.add(made)
    set_timer(session, kind=FORGET_EXPORT, key=made.id, due_at=made.expires_at)
    return ExportMade(secret=secret, expires_at=made.expires_at)


def use(session: Session, *, contact_id: str, secret: str, moment: datetime) -> None:
    """Use a person's own link up; raises Gone."""
    used = session.connection().execute(
        delete(DataExport)
        .where(
            col(DataExport.secret_hash) == kept(secret),
            col(DataExport.contact_id) == contact_id,
            col(DataExport.expires_at) > moment,
        )
        .returning(col(DataExport.id))
    )
    if used.first() is None:
        raise Gone("This download was used or is too old. Please ask for a new one.")


def forget(session: Session, contact_id: str) -> None:
    """Links to a person's data end."""
    theirs = delete(DataExport).where(col(DataExport.contact_id) == contact_id)
    session.connection().execute(theirs)


def forget_export(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when a link has expired."""
    session.connection().execute(delete(DataExport).where(col(DataExport.id) == id))
