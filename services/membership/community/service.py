"""Use cases of the community: load, decide, save, tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, cast
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import CommunityState
from services.kit.audience import PUBLIC
from services.membership.accounts import service as accounts
from services.membership.accounts.schemas import SessionStarted
from services.membership.claim import claim
from services.membership.community.models import COMMUNITY_ID, Community
from services.membership.community.rules import check_empty
from services.membership.community.schemas import CommunityRead, CommunityUpdate, SetUp
from services.membership.contacts.models import Contact
from services.membership.joining import service as joining
from services.membership.joining.schemas import AdminCreate

_ADMIN = {"email", "admin_name", "language", "time_zone", "entry"}


def read(session: Session) -> CommunityRead:
    """The community as it is, or as it is before anybody said anything."""
    kept = session.get(Community, COMMUNITY_ID)
    shown = CommunityRead.model_validate(kept) if kept else CommunityRead()
    shown.set_up = bool(kept and kept.set_up_at) or _has_admin(session)
    return shown


def set_up(session: Session, *, order: SetUp, moment: datetime) -> SessionStarted:
    """Name the hub, make its first administrator and sign them in; raises Conflict.

    Two at once take turns at the community's row; the second finds the hub set up.
    """
    community, fresh = _locked(session)
    check_empty(set_up=community.set_up_at is not None or _has_admin(session))
    _give(community, {**order.model_dump(exclude=_ADMIN), "set_up_at": moment})
    _save(session, community, fresh=fresh)
    admin = joining.appoint_admin(
        session,
        order=AdminCreate(
            name=order.admin_name,
            email=order.email,
            language=order.language,
            time_zone=order.time_zone,
        ),
        moment=moment,
    )
    return accounts.start_session(session, admin.id, moment, order.entry)


def change(session: Session, *, wanted: CommunityUpdate) -> CommunityRead:
    """Apply what an administrator wants to be different; nothing is told when nothing is."""
    community, fresh = _locked(session)
    if _give(community, wanted.model_dump(exclude_none=True)) or fresh:
        _save(session, community, fresh=fresh)
    return read(session)


def state_of(community: Community) -> CommunityState:
    """The snapshot other services know."""
    return CommunityState.model_validate(community, from_attributes=True)


def _locked(session: Session) -> tuple[Community, bool]:
    """The community under its row lock, and whether its row was made just now."""
    unsaid = CommunityRead().model_dump(exclude={"set_up", "version"})
    blank = Community(**unsaid, id=COMMUNITY_ID, version=1, audience=PUBLIC)
    fresh = claim(session, blank, key="id")
    query = select(Community).where(Community.id == COMMUNITY_ID).with_for_update()
    return session.exec(query).one(), fresh


def _save(session: Session, community: Community, *, fresh: bool) -> None:
    if not fresh:
        community.version += 1
    session.add(community)
    session.flush()
    outbox.add(session, state_of(community))


def _give(community: Community, values: dict[str, Any]) -> bool:
    """Give the community these values; whether that changed anything."""
    changed = {name: value for name, value in values.items() if getattr(community, name) != value}
    for name, value in changed.items():
        setattr(community, name, value)
    return bool(changed)


def _has_admin(session: Session) -> bool:
    roles = cast(col(Contact.roles), String)
    admins = select(Contact.id).where(Contact.status == "member", roles.contains('"admin"'))
    return session.exec(admins.limit(1)).first() is not None
