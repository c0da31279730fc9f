"""Use cases of joining: load, decide, save, tell."""

from datetime import datetime

from sqlalchemy import Connection, update
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import (
    JoinRepeated,
    MemberConfirmed,
    MemberLeaving,
    MemberRegistered,
)
from events.envelope import Event, Fact
from services.kit.errors import Gone
from services.kit.language import SOURCE, spoken
from services.membership.accounts import service as accounts
from services.membership.accounts.models import Link
from services.membership.accounts.schemas import Entry, SessionStarted
from services.membership.community.models import COMMUNITY_ID, Community
from services.membership.community.rules import check_joining
from services.membership.consents import service as consents
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.contacts.rules import ROLES, check_interests, member_consents
from services.membership.contacts.service import Known
from services.membership.joining.invitations import forget, invite
from services.membership.joining.rules import link_for
from services.membership.joining.schemas import AdminCreate, MemberJoin
from services.membership.organisations import service as organisations
from services.membership.organisations.rules import check_one
from services.membership.roles import service as roles

__all__ = ["appoint_admin", "confirm", "invite", "join"]

READ, READ_IN = "consent_texts", "consent_language"
"""Keys of what a form in waiting says of the texts that were agreed to."""

_SAID_OF_ANYBODY = {
    "email", "name", "helix_side", "region_code", "language", "time_zone", "made_up",
}  # fmt: skip
_NOT_OF_THE_FORM = {"email", "made_up", "asked_by"}
_OPEN = select(col(Community.joining_open)).where(Community.id == COMMUNITY_ID)


def join(connection: Connection, *, order: MemberJoin, moment: datetime) -> None:
    """Owe a link to whoever filled in the join form; raises Invalid alike for every address.

    Raises Forbidden, alike too, while the community takes nobody in.
    The form itself counts only once its link is used: until then anybody may have typed it.
    """
    joining_open = connection.execute(_OPEN).scalar()
    check_joining(joining_open=joining_open is not False or order.made_up)
    check_one(order.organisation_id, order.organisation_name)
    organisations.check_known(connection, order.organisation_id)
    member_consents(order.consents)
    check_interests(order.interests, order.helix_side)
    contact, made = contacts.known_or_made(
        connection, status="pending", moment=moment, **order.model_dump(include=_SAID_OF_ANYBODY)
    )
    told: list[Event] = [made] if made else []
    if fact := _owe(connection, contact, order, moment):
        told.append(fact)
    if told:
        outbox.add(connection, *told)


def _owe(
    connection: Connection, contact: Known, order: MemberJoin, moment: datetime
) -> Fact | None:
    """Write the link down that fits the person; what to tell, when a mail is owed."""
    kind = link_for(contact.status)
    if kind is None or (kind == "stay" and contact.erase_at is None):
        accounts.owe_link(connection, kind="confirm", contact_id=None, moment=moment)
        return None
    form = None
    if kind == "confirm":
        form = {
            **order.model_dump(mode="json", exclude=_NOT_OF_THE_FORM),
            # What was agreed to is what was read then, whatever it says when the link is used.
            READ_IN: spoken(),
            READ: consents.seen(spoken()),
        }
    link_id = accounts.owe_link(
        connection,
        kind=kind,
        contact_id=contact.id,
        asked_by=order.asked_by if kind == "sign-in" else None,
        form=form,
        moment=moment,
    )
    if link_id is None:
        return None
    ids = {"contact_id": contact.id, "link_id": link_id}
    if kind == "stay":
        return MemberLeaving.model_validate({**ids, "erase_at": contact.erase_at})
    if kind == "sign-in":
        return JoinRepeated(**ids)
    return MemberRegistered(**ids, helix_side=order.helix_side, region_code=order.region_code)


def confirm(
    session: Session, *, secret: str, moment: datetime, entry: Entry = Entry()
) -> SessionStarted:
    """Make the account active as the link's form says and sign in; raises Gone."""
    link = accounts.use_link(session, kind="confirm", secret=secret, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    if link_for(contact.status) != "confirm":
        raise Gone(accounts.OVER)
    forget(session, contact.id)
    form = dict(link.form or {})
    how = consents.Consenting(
        form.pop(READ_IN, SOURCE), "join", link.made_at, form.pop(READ, consents.seen(SOURCE))
    )
    values = {**form, "status": "member", "roles": ["member"]}
    contacts.apply(session, contact, values, moment=moment, consenting=how)
    _end_confirmations(session, contact.id, moment)
    outbox.add(session, MemberConfirmed(contact_id=contact.id))
    return accounts.start_session(session, contact.id, moment, entry)


def appoint_admin(session: Session, *, order: AdminCreate, moment: datetime) -> Contact:
    """Someone with every role, made when the address is new, with no mail and no consent."""
    contact = contacts.find_or_create(
        session, status="pending", moment=moment, **order.model_dump()
    )
    # Whoever looks after the hub is real, also when the address was of the demonstration.
    values = {"status": "member", "made_up": False}
    contacts.apply(session, contact, values, moment=moment)
    roles.assign(session, contact, ROLES, by_id=None, moment=moment)
    _end_confirmations(session, contact.id, moment)
    return contact


def _end_confirmations(session: Session, contact_id: str, moment: datetime) -> None:
    """Whoever has an account can no longer be confirmed by the links of other forms."""
    session.connection().execute(
        update(Link)
        .where(
            col(Link.contact_id) == contact_id,
            col(Link.kind) == "confirm",
            col(Link.used_at).is_(None),
        )
        .values(used_at=moment, form=None)
    )
