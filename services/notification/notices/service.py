"""Use cases of the inbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from services.kit.errors import NotFound
from services.notification.base import Base
from services.notification.letters import Words
from services.notification.messages.models import Message
from services.notification.notices.models import Notice
from services.notification.notices.schemas import NoticeRead

NOTICES_KEPT = timedelta(days=365)
"""How long a notice is in an inbox."""
_N = Base.metadata.tables["notices"]
_INSERT = _N.insert()


def put(session: Session, messages: Iterable[tuple[Message, Words]], *, moment: datetime) -> None:
    """Lay messages into the inboxes of those they are for."""
    session.connection().execute(
        _INSERT,
        [
            {
                "id": message.id,
                "contact_id": message.contact_id,
                "kind": message.kind,
                "title": words.subject,
                "body": words.lead,
                "path": words.path,
                "made_at": moment,
                "read_at": None,
            }
            for message, words in messages
        ],
    )


def inbox(session: Session, *, contact_id: str, limit: int) -> list[NoticeRead]:
    """A person's notices, newest first."""
    found = session.exec(
        select(Notice)
        .where(Notice.contact_id == contact_id)
        .order_by(col(Notice.made_at).desc(), col(Notice.id).desc())
        .limit(limit)
    )
    return [_read(notice) for notice in found]


def unread(session: Session, *, contact_id: str) -> int:
    """How many notices the person has not read."""
    query = select(func.count()).where(
        col(Notice.contact_id) == contact_id, col(Notice.read_at).is_(None)
    )
    return session.exec(query).one()


def mark_read(session: Session, *, id: str, contact_id: str, moment: datetime) -> NoticeRead:
    """The person has read it; doing it twice changes nothing. Raises NotFound."""
    notice = session.get(Notice, id, with_for_update=True)
    if notice is None or notice.contact_id != contact_id:
        raise NotFound("There is no such notice in your inbox.")
    notice.read_at = notice.read_at or moment
    session.add(notice)
    return _read(notice)


def mark_all_read(session: Session, *, contact_id: str, moment: datetime) -> None:
    """The person has read everything there is."""
    session.connection().execute(
        update(_N)
        .where(_N.c.contact_id == contact_id, _N.c.read_at.is_(None))
        .values(read_at=moment)
    )


def forget(session: Session, contact_ids: Sequence[str]) -> None:
    """Empty the inboxes of people who are gone."""
    session.connection().execute(delete(_N).where(_N.c.contact_id.in_(contact_ids)))


def expire(session: Session, moment: datetime, *, most: int = 1000) -> int:
    """Take old notices away; returns how many."""
    old = select(Notice.id).where(col(Notice.made_at) <= moment - NOTICES_KEPT).limit(most)
    ids = session.exec(old).all()
    if ids:
        session.connection().execute(delete(_N).where(_N.c.id.in_(ids)))
    return len(ids)


def _read(notice: Notice) -> NoticeRead:
    return NoticeRead.model_validate(
        {**notice.model_dump(exclude={"contact_id", "read_at"}), "read": notice.read_at is not None}
    )
