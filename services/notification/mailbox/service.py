"""Use cases of the development mailbox."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.notification.base import Base
from services.notification.letters import Letter
from services.notification.mailbox.models import Mail
from services.notification.mailbox.schemas import MailRead

MAILS_KEPT = timedelta(days=30)
"""How long a mail is in the mailbox."""
ERASED = "(erased)"
"""In the place of the address of a receipt, which even the mailbox must not keep."""
_LINK = re.compile(r"https?://\S+")


def keep(
    session: Session, letter: Letter, *, contact_id: str, moment: datetime, named: bool = True
) -> None:
    """Put a mail into the mailbox; unless `named`, without the address it is for."""
    session.add(
        Mail(
            message_id=letter.message_id,
            contact_id=contact_id,
            recipient=letter.to if named else ERASED,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            made_at=moment,
        )
    )


def listed(session: Session, *, limit: int) -> list[MailRead]:
    """The mails, newest first."""
    found = session.exec(
        select(Mail).order_by(col(Mail.made_at).desc(), col(Mail.message_id)).limit(limit)
    )
    return [
        MailRead(
            message_id=mail.message_id,
            to=mail.recipient,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            links=_LINK.findall(mail.text),
            made_at=mail.made_at,
        )
        for mail in found
    ]


def expire(session: Session, moment: datetime, *, most: int = 1000) -> int:
    """Take old mails away; returns how many."""
    old = select(Mail.message_id).where(col(Mail.made_at) <= moment - MAILS_KEPT).limit(most)
    ids = session.exec(old).all()
    if ids:
        table = Base.metadata.tables["mails"]
        session.connection().execute(delete(table).where(table.c.message_id.in_(ids)))
    return len(ids)


def forget(session: Session, contact_ids: Sequence[str]) -> None:
    """Drop the mails to people who are gone."""
    table = Base.metadata.tables["mails"]
    session.connection().execute(delete(table).where(table.c.contact_id.in_(contact_ids)))
