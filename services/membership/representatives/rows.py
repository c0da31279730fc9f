"""Rows of representatives, who answers for an organisation, and who is told what is asked."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Text, cast
from sqlmodel import Session, col, or_, select

from events import outbox
from events.catalogue.membership import Representation, RepresentationAsked
from events.envelope import new_id
from services.membership.contacts.models import Contact
from services.membership.representatives.models import Representative


def owners(session: Session, id: str) -> list[str]:
    """Those who answer for an organisation, and have an account."""
    found = select(Representative.contact_id).join(Contact).where(
        Representative.organisation_id == id,
        Representative.status == "active",
        Representative.role == "owner",
        Contact.status == "member",
    )  # fmt: skip
    return list(session.exec(found.order_by(Representative.contact_id)))


def rows_of(session: Session, id: str, contact_id: str | None = None) -> list[Representative]:
    """The rows of an organisation, or of one person there, as they are now."""
    wanted = select(Representative).where(Representative.organisation_id == id)
    if contact_id is not None:
        wanted = wanted.where(Representative.contact_id == contact_id)
    wanted = wanted.order_by(col(Representative.id))
    return list(session.exec(wanted.execution_options(populate_existing=True)))


def add(session: Session, id: str, contact_id: str, **values: Any) -> None:
    """One row more."""
    session.add(Representative(id=new_id(), organisation_id=id, contact_id=contact_id, **values))


def organisations_of(session: Session, contact_ids: Collection[str]) -> list[str]:
    """The ids of organisations where any of these people have rows."""
    found = select(Representative.organisation_id).where(
        col(Representative.contact_id).in_(contact_ids)
    )
    return sorted(set(session.exec(found)))


def pass_on(session: Session, organisation_ids: Sequence[str]) -> None:
    """Bring what is open in organisations that nobody owns any more to those who decide now."""
    for id in organisation_ids:
        if owners(session, id):
            continue
        for row in rows_of(session, id):
            if row.status == "asked":
                tell_asked(session, id, row.contact_id, as_representation(row.role))


def tell_asked(session: Session, id: str, contact_id: str, role: Representation) -> None:
    """Tell those who decide now that somebody asks."""
    deciders = owners(session, id) or _moderators(session)
    outbox.add(
        session,
        RepresentationAsked(
            organisation_id=id,
            contact_id=contact_id,
            representation=role,
            decider_ids=tuple(decider for decider in deciders if decider != contact_id),
        ),
    )


def _moderators(session: Session) -> list[str]:
    roles = cast(Contact.roles, Text)
    found = select(Contact.id).where(
        Contact.status == "member",
        or_(roles.contains('"moderator"'), roles.contains('"admin"')),
    )
    return list(session.exec(found.order_by(Contact.id)))


def as_representation(role: str) -> Representation:
    """The word as the catalogue knows it."""
    return (
        "owner" if role == "owner" else "representative" if role == "representative" else "member"
    )
