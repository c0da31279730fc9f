"""The append-only record: each answer with the words it was given to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import Consent, ConsentChanged
from events.envelope import new_id
from services.kit.language import spoken
from services.membership.consents.texts import TEXTS, hash_of
from services.membership.contacts.models import ConsentRecord

Source = Literal["join", "invitation", "profile"]


class Agreed(BaseModel):
    """The words that somebody was shown for a purpose."""

    purpose: Consent
    version: int
    hash: str
    language: str


def shown(purposes: Iterable[Consent]) -> list[Agreed]:
    """The words for these purposes as they are now, in the language spoken now."""
    return [
        Agreed(
            purpose=purpose,
            version=TEXTS[purpose].version,
            hash=hash_of(purpose),
            language=spoken(),
        )
        for purpose in purposes
    ]


def record(
    session: Session,
    contact_id: str,
    agreed: Agreed,
    *,
    given: bool,
    source: Source,
    moment: datetime,
) -> None:
    """Write an answer down, and tell."""
    session.add(
        ConsentRecord(
            id=new_id(),
            contact_id=contact_id,
            purpose=agreed.purpose,
            given=given,
            text_version=agreed.version,
            text_hash=agreed.hash,
            language=agreed.language,
            source=source,
            recorded_at=moment,
        )
    )
    outbox.add(
        session,
        ConsentChanged(
            contact_id=contact_id,
            purpose=agreed.purpose,
            given=given,
            text_version=agreed.version,
        ),
    )


def history(session: Session, contact_id: str) -> list[ConsentRecord]:
    """Every answer of a person, newest first."""
    wanted = select(ConsentRecord).where(ConsentRecord.contact_id == contact_id)
    ordered = wanted.order_by(col(ConsentRecord.recorded_at).desc(), col(ConsentRecord.id).desc())
    return list(session.exec(ordered))


def outdated(session: Session, contact_id: str, held: Iterable[str]) -> list[Consent]:
    """Purposes agreed to in words that have changed since."""
    versions: dict[str, int] = {}
    for answer in history(session, contact_id):
        if answer.given:
            versions.setdefault(answer.purpose, answer.text_version)
    holding = set(held)
    return [
        purpose
        for purpose, text in TEXTS.items()
        if purpose in holding and versions.get(purpose, text.version) < text.version
    ]
