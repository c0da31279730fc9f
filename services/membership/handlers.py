"""What membership does when others say something: it collects who has forgotten whom."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from events.catalogue import calendar, knowledge, matchmaking, notification, scheduling
from events.consumer import Handlers
from events.envelope import Envelope
from services.membership.erasure import service as erasure

ERASURES = "membership.erasures"


def members_forgotten(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
    """A service has forgotten somebody."""
    for envelope in envelopes:
        erasure.confirmed(
            session,
            erasure_id=envelope.event.erasure_id,
            service=envelope.event.producer(),
            moment=datetime.now(UTC),
            context=envelope.caused,
        )


def receipts_sent(
    session: Session, envelopes: Sequence[Envelope[notification.ReceiptSent]]
) -> None:
    """A receipt went out: nobody needs the address any more."""
    for envelope in envelopes:
        erasure_id = envelope.event.erasure_id
        erasure.receipt_sent(session, erasure_id=erasure_id, moment=datetime.now(UTC))


HANDLERS: dict[str, Handlers] = {
    ERASURES: {
        scheduling.MemberForgotten: members_forgotten,
        knowledge.MemberForgotten: members_forgotten,
        matchmaking.MemberForgotten: members_forgotten,
        notification.MemberForgotten: members_forgotten,
        calendar.MemberForgotten: members_forgotten,
        notification.ReceiptSent: receipts_sent,
    }
}
