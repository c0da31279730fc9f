"""Use cases of consents: what is asked, how a member stands to it, and changing one's mind."""

from datetime import datetime

from sqlmodel import Session

from events.catalogue.membership import Consent
from services.kit.errors import Conflict
from services.kit.language import spoken
from services.membership.consents import records
from services.membership.consents.schemas import ConsentAnswer, ConsentStanding, ConsentText
from services.membership.consents.texts import TEXTS, hash_of, said
from services.membership.contacts import service as contacts


def texts() -> list[ConsentText]:
    """What is asked, in the language spoken now."""
    found = []
    for purpose, text in TEXTS.items():
        title, words = said(purpose)
        found.append(
            ConsentText(
                purpose=purpose,
                version=text.version,
                title=title,
                text=words,
                hash=hash_of(purpose),
                language=spoken(),
            )
        )
    return found


def standing(session: Session, contact_id: str) -> list[ConsentStanding]:
    """How a member stands to each purpose, with every answer; raises NotFound."""
    held = contacts.profile(session, contact_id).consents
    answers = records.history(session, contact_id)
    renew = records.outdated(session, contact_id, held)
    return [
        ConsentStanding(
            **asked.model_dump(),
            given=asked.purpose in held,
            outdated=asked.purpose in renew,
            history=[
                ConsentAnswer.model_validate(answer)
                for answer in answers
                if answer.purpose == asked.purpose
            ],
        )
        for asked in texts()
    ]


def answer(
    session: Session, contact_id: str, *, purpose: Consent, given: bool, moment: datetime
) -> None:
    """Give or take back one consent, with effect at once; raises Conflict for the terms.

    Giving what was given to earlier words is written down anew; giving it twice changes nothing.
    """
    contact = contacts.locked(session, contact_id)
    if purpose == "terms" and not given:
        raise Conflict("Without agreeing to the rules there is no account: you can leave instead.")
    if given and purpose in records.outdated(session, contact_id, contact.consents):
        (agreed,) = records.shown([purpose])
        records.record(session, contact_id, agreed, given=True, source="profile", moment=moment)
        return
    kept = {"terms", *contact.consents} - {purpose}
    wanted = sorted(kept | {purpose} if given else kept)
    contacts.apply(session, contact, {"consents": wanted}, moment=moment)
