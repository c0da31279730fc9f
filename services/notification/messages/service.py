"""Use cases of the ledger: facts become messages, and messages find what they wait for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, delete, update
from sqlmodel import Session, col, or_, select

from events import outbox
from events.catalogue.notification import MessageDelivered, ReceiptSent
from events.envelope import Context, Envelope, Fact
from services.kit.forgetting import FORMER
from services.notification import letters
from services.notification.base import Base
from services.notification.messages.models import Announcement, Message
from services.notification.messages.rules import (
    BY_KIND,
    RECEIPT,
    RULES,
    Known,
    Rule,
    Told,
    about,
    comes_on,
    decide,
    messages_for,
    named,
    was_registered,
)
from services.notification.notices import service as notices
from services.notification.projection import (
    KnownContact,
    KnownDemoCase,
    KnownGathering,
    KnownOrganisation,
    KnownPoll,
    KnownPost,
    KnownRegistration,
    by_id,
    chunks,
    community,
    read_lock,
    registered,
)

_M = Base.metadata.tables["messages"]
_ANNOUNCED = Base.metadata.tables["announcements"]
_INSERT = _M.insert()
LEDGER_KEPT = timedelta(days=90)
"""How long it is known what was sent to whom."""


def tell(session: Session, envelopes: Iterable[Envelope[Any]], *, moment: datetime) -> None:
    """Write down, once, whom these facts tell what; notices are delivered at once."""
    read_lock(session)
    found: list[Message] = []
    for envelope in envelopes:
        told = Told(
            event_id=envelope.id,
            data=envelope.event.model_dump(mode="json"),
            happened_at=envelope.time,
            correlationid=envelope.correlationid,
            traceparent=envelope.traceparent,
        )
        for rule in _rules_of(type(envelope.event)):
            if _is_quiet(rule, told):
                continue
            if rule.fans_out:
                found += _announce(session, rule, told, moment)
            else:
                for contact_id in named(rule, told.data):
                    found += messages_for(rule, told, contact_id)
    _record(session, found, moment)


def registrations_arrived(
    session: Session, registrations: Sequence[KnownRegistration], *, moment: datetime
) -> None:
    """Tell people whose registration comes after the fact that concerned them."""
    by_gathering = defaultdict(list)
    for registration in registrations:
        by_gathering[registration.gathering_id].append(registration)
    found: list[Message] = []
    for some in chunks(sorted(by_gathering)):
        announced = select(Announcement).where(
            col(Announcement.gathering_id).in_(some), col(Announcement.expires_at) > moment
        )
        for announcement in session.exec(announced):
            rule = BY_KIND[announcement.kind]
            told = Told(
                event_id=announcement.event_id,
                data=announcement.data,
                happened_at=announcement.happened_at,
                correlationid=announcement.correlationid,
                traceparent=announcement.traceparent,
            )
            found += _to_registered(rule, told, by_gathering[announcement.gathering_id])
    _record(session, found, moment)


def things_arrived(session: Session, ids: Collection[str], *, moment: datetime) -> None:
    """Go on with the messages that waited for these people or things."""
    for some in chunks(sorted(ids)):
        waiting = select(Message).where(
            Message.status == "waiting",
            or_(col(Message.contact_id).in_(some), col(Message.about_id).in_(some)),
        )
        _settle(session, session.exec(waiting).all(), moment)


def reconsider(session: Session, id: str, *, holder: str, moment: datetime) -> None:
    """Decide again about a message whose person or thing is no longer as it was."""
    read_lock(session)
    message = session.get(Message, id, populate_existing=True)
    if message and message.status == "queued" and message.leased_by == holder:
        _settle(session, [message], moment)
        message.leased_by = message.leased_until = None


def forget(session: Session, contact_ids: Collection[str]) -> None:
    """Remove what the ledger may hold of words about people who are gone."""
    for some in chunks(sorted(contact_ids)):
        explained = select(Message).where(
            col(Message.contact_id).in_(some), Message.status == "failed", Message.reason != ""
        )
        for message in session.exec(explained):
            message.reason = ""


def erase(session: Session, contact_id: str) -> None:
    """Remove whatever the ledger has about an erased person, also from messages to others."""
    read_lock(session)
    connection = session.connection()
    connection.execute(delete(_M).where(_M.c.contact_id == contact_id))
    for table, key in ((_M, _M.c.id), (_ANNOUNCED, _ANNOUNCED.c.event_id)):
        speak = select(key, table.c.data).where(cast(table.c.data, Text).contains(contact_id))
        for id, data in connection.execute(speak).fetchall():
            told = {name: _without(value, contact_id) for name, value in data.items()}
            connection.execute(update(table).where(key == id).values(data=told))


def expire(session: Session, moment: datetime, *, most: int = 1000) -> int:
    """Remove entries of the ledger that ended long ago: nothing is told twice after that."""
    old = select(Message.id).where(col(Message.ended_at) <= moment - LEDGER_KEPT).limit(most)
    ids = session.exec(old).all()
    if ids:
        session.connection().execute(delete(_M).where(_M.c.id.in_(ids)))
    return len(ids)


def known_to(session: Session, messages: Sequence[Message]) -> dict[str, Known]:
    """What the directory has of all that these messages speak of, by message id."""
    abouts = {message.about_id for message in messages if message.about_id}
    registration_ids = {message.data.get("registration_id", "") for message in messages}
    contacts = by_id(session, KnownContact, {message.contact_id for message in messages})
    gatherings = by_id(session, KnownGathering, abouts)
    posts = by_id(session, KnownPost, abouts)
    demo_cases = by_id(session, KnownDemoCase, abouts)
    organisations = by_id(session, KnownOrganisation, abouts)
    polls = by_id(session, KnownPoll, abouts)
    registrations = by_id(session, KnownRegistration, registration_ids - {""})
    hub = community(session)
    return {
        message.id: Known(
            contact=contacts.get(message.contact_id),
            gathering=gatherings.get(message.about_id or ""),
            registration=registrations.get(message.data.get("registration_id", "")),
            post=posts.get(message.about_id or ""),
            demo_case=demo_cases.get(message.about_id or ""),
            organisation=organisations.get(message.about_id or ""),
            poll=polls.get(message.about_id or ""),
            community=hub.name,
            languages=tuple(hub.languages),
        )
        for message in messages
    }


def delivered(session: Session, messages: Iterable[Message]) -> None:
    """Publish that these messages reached their channel."""
    by_cause = defaultdict(list)
    for message in messages:
        cause = Context(message.correlationid, message.event_id, message.traceparent)
        by_cause[cause].append(
            MessageDelivered(
                delivery_id=message.id,
                event_id=message.event_id,
                kind=message.kind,
                channel="inbox" if message.channel == "inbox" else "mail",
                contact_id=message.contact_id,
            )
        )
        if message.kind == RECEIPT:
            sent = ReceiptSent(erasure_id=message.contact_id)
            outbox.add(session, sent, context=cause)
    for cause, events in by_cause.items():
        outbox.add(session, *events, context=cause)


def _without(value: Any, contact_id: str) -> Any:
    """What a message was told, without an id in it."""
    if isinstance(value, list):
        return [each for each in value if each != contact_id]
    return FORMER if value == contact_id else value


def _rules_of(fact: type[Fact]) -> list[Rule]:
    return [rule for rule in RULES if rule.fact is fact]


def _is_quiet(rule: Rule, told: Told) -> bool:
    """Whether the fact is of a thing brought in with many others, which announces itself not."""
    return rule.announces and bool(told.data.get("imported"))


def _announce(session: Session, rule: Rule, told: Told, moment: datetime) -> list[Message]:
    gathering_id = about(rule, told.data) or ""
    session.connection().execute(delete(_ANNOUNCED).where(_ANNOUNCED.c.expires_at <= moment))
    session.add(
        Announcement(
            event_id=told.event_id,
            kind=rule.kind,
            gathering_id=gathering_id,
            data=told.data,
            happened_at=told.happened_at,
            expires_at=told.happened_at + rule.valid_for,
            correlationid=told.correlationid,
            traceparent=told.traceparent,
        )
    )
    session.flush()
    return _to_registered(rule, told, registered(session, gathering_id))


def _to_registered(
    rule: Rule, told: Told, registrations: Iterable[KnownRegistration]
) -> list[Message]:
    return [
        message
        for registration in registrations
        if was_registered(rule, registration, told.happened_at)
        and comes_on(rule, registration, told.data)
        for message in messages_for(
            rule, told, registration.contact_id, registration_id=registration.id
        )
    ]


def _record(session: Session, messages: Iterable[Message], moment: datetime) -> None:
    """Write those messages that the ledger does not have, and deliver what can be now."""
    fresh: dict[str, Message] = {}
    for message in messages:
        fresh.setdefault(message.id, message)
    for some in chunks(sorted(fresh)):
        for id in session.exec(select(Message.id).where(col(Message.id).in_(some))):
            del fresh[id]
    if fresh:
        _resolve(session, list(fresh.values()), moment)
        session.connection().execute(_INSERT, [message.model_dump() for message in fresh.values()])


def _settle(session: Session, messages: Sequence[Message], moment: datetime) -> None:
    if messages:
        _resolve(session, messages, moment)
        session.add_all(messages)
        session.flush()


def _resolve(session: Session, messages: Sequence[Message], moment: datetime) -> None:
    """Decide about each message, and put notices that are ready into their inboxes."""
    known = known_to(session, messages)
    ready = []
    for message in messages:
        message.status, message.reason = decide(message, known[message.id], moment)
        if message.status == "queued" and message.channel == "inbox":
            message.status = "sent"
            ready.append(message)
        if message.status not in ("waiting", "queued"):
            message.ended_at = moment
    if ready:
        words = [letters.words(message, known[message.id], moment) for message in ready]
        notices.put(session, zip(ready, words, strict=True), moment=moment)
        delivered(session, ready)
