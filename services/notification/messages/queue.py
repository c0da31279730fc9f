"""The queue of mail: taken with a lease, so that no two senders hold the same message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, update
from sqlmodel import Session, and_, col, or_, select

from services.notification.base import Base
from services.notification.messages import service
from services.notification.messages.models import Message
from services.notification.messages.rules import delay

_M = Base.metadata.tables["messages"]


def has_due(session: Session, *, moment: datetime) -> bool:
    """Whether there is mail to be sent now."""
    return session.exec(select(Message.id).where(_is_due(moment)).limit(1)).first() is not None


def take(
    session: Session, *, holder: str, moment: datetime, lease: timedelta, most: int
) -> Sequence[Message]:
    """Lease the next mails to this sender: urgent ones first, then in the order of the facts."""
    taken = session.exec(
        select(Message)
        .where(_is_due(moment))
        .order_by(col(Message.urgent).desc(), col(Message.happened_at), col(Message.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for message in taken:
        message.leased_by, message.leased_until = holder, moment + lease
    return taken


def renew(
    session: Session, message: Message, *, holder: str, moment: datetime, lease: timedelta
) -> bool:
    """Hold a message longer; False when it is no longer this sender's."""
    return _change(session, message, holder, leased_until=moment + lease)


def sent(session: Session, message: Message, *, holder: str, moment: datetime) -> bool:
    """The mail is on its way: write it down and publish it; False when it was not ours."""
    done = _change(session, message, holder, status="sent", reason="", ended_at=moment, **_FREE)
    if done:
        service.delivered(session, [message])
    return done


def postpone(
    session: Session, message: Message, *, holder: str, moment: datetime, reason: str
) -> None:
    """Try again later, each time after a longer wait."""
    attempts = message.attempts + 1
    _change(
        session,
        message,
        holder,
        attempts=attempts,
        due_at=moment + delay(attempts),
        reason=reason[:400],
        **_FREE,
    )


def end(
    session: Session,
    message: Message,
    *,
    holder: str,
    moment: datetime,
    status: str,
    reason: str,
) -> None:
    """It will not be sent, for this reason."""
    _change(session, message, holder, status=status, reason=reason[:400], ended_at=moment, **_FREE)


def give_back(session: Session, messages: Sequence[Message], *, holder: str) -> None:
    """Let go of mails that were not tried."""
    for message in messages:
        _change(session, message, holder, **_FREE)


def free(session: Session, *, seat: str) -> None:
    """Let go of what an earlier sender in this seat held when it died."""
    session.connection().execute(
        update(_M).where(_M.c.leased_by.startswith(f"{seat}:", autoescape=True)).values(_FREE)
    )


def has_expired(session: Session, *, moment: datetime) -> bool:
    """Whether something unsent is too late by now."""
    return session.exec(select(Message.id).where(_is_late(moment)).limit(1)).first() is not None


def expire(session: Session, *, moment: datetime) -> None:
    """Give up what is too late to be of use."""
    session.connection().execute(
        update(_M)
        .where(_is_late(moment))
        .values(status="expired", reason="too late to be of use", ended_at=moment)
    )


_FREE = {"leased_by": None, "leased_until": None}


def _is_due(moment: datetime) -> ColumnElement[bool]:
    return and_(_M.c.status == "queued", _M.c.due_at <= moment, _is_free(moment))


def _is_late(moment: datetime) -> ColumnElement[bool]:
    return and_(_M.c.status.in_(("waiting", "queued")), _M.c.expires_at <= moment, _is_free(moment))


def _is_free(moment: datetime) -> ColumnElement[bool]:
    return or_(_M.c.leased_until.is_(None), _M.c.leased_until <= moment)


def _change(session: Session, message: Message, holder: str, **values: object) -> bool:
    """Change a message that this sender holds; nothing happens when it lost it."""
    done: CursorResult[object] = session.connection().execute(
        update(_M)
        .where(_M.c.id == message.id, _M.c.status == "queued", _M.c.leased_by == holder)
        .values(values)
    )
    return done.rowcount == 1
