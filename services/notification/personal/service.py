"""Use cases about one person: what notification keeps of them, and forgetting it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from services.notification import projection
from services.notification.mailbox import service as mailbox
from services.notification.mailbox.models import Mail
from services.notification.messages import service as messages
from services.notification.messages.models import Message
from services.notification.notices import service as notices
from services.notification.notices.models import Notice
from services.notification.projection import KnownContact


def held(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """Notices, which mails went out, mails that were kept, and where they go."""
    noticed = select(Notice).where(Notice.contact_id == contact_id).order_by(col(Notice.made_at))
    told = select(Message).where(Message.contact_id == contact_id).order_by(Message.id)
    kept = select(Mail).where(Mail.contact_id == contact_id).order_by(col(Mail.made_at))
    reached = select(KnownContact).where(KnownContact.id == contact_id, ~col(KnownContact.gone))
    shown = {"kind", "channel", "status", "happened_at", "ended_at", "attempts"}
    return {
        "reached_at": [
            row.model_dump(mode="json", exclude={"gone"}) for row in session.exec(reached)
        ],
        "notices": [
            row.model_dump(mode="json", exclude={"contact_id"}) for row in session.exec(noticed)
        ],
        "messages": [row.model_dump(mode="json", include=shown) for row in session.exec(told)],
        "mails": [_without_links(row) for row in session.exec(kept)],
    }


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """Nothing waits for the person, nothing is kept of what they were told."""
    projection.forget(session, contact_id)
    ids: Sequence[str] = [contact_id]
    # The ledger first: a sender that writes down a mail just now holds its row there, and what
    # it keeps in the mailbox must be seen to be removed.
    messages.erase(session, contact_id)
    notices.forget(session, ids)
    mailbox.forget(session, ids)


def _without_links(mail: Mail) -> dict[str, Any]:
    """A kept mail by what it was about: links in it are keys, and a copy of them is a risk."""
    return mail.model_dump(mode="json", include={"recipient", "subject", "made_at"})
