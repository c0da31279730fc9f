"""What becomes of representatives when people or organisations go."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.membership.organisations import service as organisations
from services.membership.organisations.models import Apart
from services.membership.representatives.models import Representative
from services.membership.representatives.rows import organisations_of, pass_on


def left(session: Session, contact_id: str) -> None:
    """Someone has no account (for now): what waits for their decision goes to others.

    To be called once the person's new status is saved; what they are comes back with them.
    """
    session.flush()
    pass_on(session, organisations_of(session, [contact_id]))


def forget(session: Session, contact_id: str) -> None:
    """Someone is gone: so is all they were and asked, and what waits for them goes to others."""
    forget_all(session, [contact_id])


def forget_all(session: Session, contact_ids: Collection[str]) -> None:
    """The same for several, whose rows the caller has locked."""
    organisation_ids = organisations_of(session, contact_ids)
    # With those that they verified, which are forgotten next: all in one order, as mergers do.
    verified = organisations.verified_by(session, contact_ids)
    organisations.locked_all(session, [*organisation_ids, *verified])
    rows = select(Representative).where(col(Representative.contact_id).in_(contact_ids))
    for row in session.exec(rows).all():
        session.delete(row)
    session.flush()
    pass_on(session, organisation_ids)


def clear(session: Session, organisation_ids: Collection[str]) -> None:
    """Forget who is what for organisations that are about to go, and which they looked like."""
    connection = session.connection()
    theirs = col(Representative.organisation_id).in_(organisation_ids)
    connection.execute(delete(Representative).where(theirs))
    for column in (col(Apart.first_id), col(Apart.second_id)):
        connection.execute(delete(Apart).where(column.in_(organisation_ids)))
