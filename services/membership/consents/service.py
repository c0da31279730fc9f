"""Use cases of consents: what is asked, and the append-only record of every answer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import Consent, ConsentChanged
from events.envelope import new_id
from services.kit.language import spoken
from services.membership.consents.schemas import ConsentAsked, ConsentRead
from services.membership.consents.texts import TEXTS, hash_of, said
from services.membership.contacts.models import ConsentRecord

Source = Literal["join", "invitation", "profile"]
Seen = Mapping[str, Sequence[str | int]]
"""Version and hash of the text of each purpose, as somebody read it."""


@dataclass(frozen=True)
class Consenting:
    """How somebody answers: in which language, where, when, and what they read."""

    language: str
    source: Source
    moment: datetime
    texts: Seen = field(hash=False)


def seen(language: str) -> dict[str, list[str | int]]:
    """The texts as they read now in a language."""
    return {name: [text.version, hash_of(name, language)] for name, text in TEXTS.items()}


def consenting(source: Source, moment: datetime) -> Consenting:
    """An answer to the texts of now, in the language spoken now."""
    return Consenting(spoken(), source, moment, seen(spoken()))


def record(
    session: Session,
    contact_id: str,
    changes: Iterable[tuple[Consent, bool]],
    how: Consenting,
) -> None:
    """Write answers down, and tell; rows are only ever added."""
    for purpose, given in changes:
        version, digest = how.texts[purpose]
        session.add(
            ConsentRecord(
                id=new_id(),
                contact_id=contact_id,
                purpose=purpose,
                given=given,
                text_version=int(version),
                text_hash=str(digest),
                language=how.language,
                source=how.source,
                recorded_at=how.moment,
            )
        )
        outbox.add(
            session,
            ConsentChanged(
                contact_id=contact_id, purpose=purpose, given=given, text_version=int(version)
            ),
        )


def asked() -> list[ConsentAsked]:
    """What is asked for each purpose, in the language spoken now."""
    found = []
    for purpose, text in TEXTS.items():
        title, words = said(purpose)
        found.append(ConsentAsked(purpose=purpose, version=text.version, title=title, words=words))
    return found


def history(session: Session, contact_id: str) -> list[ConsentRead]:
    """Every answer of a person, newest first."""
    wanted = select(ConsentRecord).where(ConsentRecord.contact_id == contact_id)
    ordered = wanted.order_by(col(ConsentRecord.recorded_at).desc(), col(ConsentRecord.id).desc())
    found = []
    for answer in session.exec(ordered):
        shown = ConsentRead.model_validate(answer)
        shown.current = shown.text_version == TEXTS[shown.purpose].version
        found.append(shown)
    return found


def outdated(session: Session, contact_id: str, held: Collection[str]) -> list[Consent]:
    """Purposes agreed to in words that have changed since."""
    # Asked for each session that is looked up: as long as no text ever changed, nothing is read.
    if all(TEXTS[purpose].version == 1 for purpose in TEXTS if purpose in held):
        return []
    versions: dict[str, int] = {}
    for answer in history(session, contact_id):
        if answer.given:
            versions.setdefault(answer.purpose, answer.text_version)
    return [
        purpose
        for purpose, text in TEXTS.items()
        if purpose in held and versions.get(purpose, text.version) < text.version
    ]
