"""Use cases of expertise: what one offers and seeks, and confirming what others know."""

from datetime import UTC, datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import ExpertiseEndorsed
from services.kit.audience import visible_to
from services.kit.errors import Conflict, NotFound
from services.kit.identity import Identity
from services.kit.language import SOURCE, spoken
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.expertise.claims import (
    claim_all,
    drop_unused,
    forget_claims,
    refresh,
)
from services.membership.expertise.models import Claim, Endorsement
from services.membership.expertise.naming import as_words, named, suggestions
from services.membership.expertise.schemas import (
    ClaimRead,
    Endorser,
    ExpertiseRead,
    ExpertiseUpdate,
    TermBrief,
)
from services.membership.expertise.vocabulary import Word


def of_person(session: Session, *, contact_id: str, viewer: Identity) -> ExpertiseRead:
    """What a person knows and looks for, if the viewer may see them; raises NotFound."""
    contact = _seen(session, contact_id, viewer)
    claims = session.exec(
        select(Claim)
        .where(Claim.holder_id == contact_id, col(Claim.place) >= 0)
        .order_by(col(Claim.place))
    ).all()
    terms = briefs(session, [claim.term_id for claim in claims])
    endorsed = session.exec(
        select(Endorsement.term_id, Endorsement.endorser_id, Contact)
        .join(Contact, Endorsement.endorser_id == Contact.id, isouter=True)  # type: ignore[arg-type]
        .where(Endorsement.contact_id == contact_id)
        .order_by(col(Endorsement.made_at))
    ).all()
    offered = []
    for claim in claims:
        if claim.kind != "offered":
            continue
        by = [(id, person) for term_id, id, person in endorsed if term_id == claim.term_id]
        offered.append(
            ClaimRead(
                term=terms[claim.term_id],
                level=claim.level,
                proof=claim.proof,
                endorsed=len(by),
                endorsers=[
                    Endorser(id=person.id, name=person.name)
                    for _id, person in by
                    if person and person.status == "member" and person.audience in viewer.grants
                ],
                own_endorsement=any(id == viewer.contact_id for id, _person in by),
            )
        )
    return ExpertiseRead(
        contact_id=contact_id,
        name=contact.name,
        offered=offered,
        sought=[terms[claim.term_id] for claim in claims if claim.kind == "sought"],
        can_endorse="member" in viewer.roles and viewer.contact_id != contact_id,
    )


def declare(
    session: Session, *, contact_id: str, wanted: ExpertiseUpdate, moment: datetime
) -> None:
    """Let a member offer and seek exactly this; raises Invalid."""
    contact = contacts.locked(session, contact_id)
    offered = wanted.offered
    changed = claim_all(
        session,
        contact,
        offered=None if offered is None else [(one.term, one.level) for one in offered],
        proofs={one.term: one.proof for one in offered or () if one.proof},
        sought=wanted.sought,
        moment=moment,
    )
    if changed:
        contacts.revise(session, contact)


def endorse(
    session: Session, *, contact_id: str, term_id: str, endorser: Identity, moment: datetime
) -> None:
    """Confirm that somebody knows a term; twice changes nothing.

    Raises NotFound for whom the endorser may not see, Conflict for one's own claims.
    """
    by = endorser.contact_id or ""
    # The endorser too: who they are may have been signed before they were erased, and nothing of
    # them may be written after. Both before either is read, so that neither is read as it was.
    both = select(Contact).where(col(Contact.id).in_((contact_id, by))).order_by(col(Contact.id))
    standing = {one.id for one in session.exec(both.with_for_update()) if one.status == "member"}
    contact = _seen(session, contact_id, endorser)
    if by == contact_id:
        raise Conflict("You cannot confirm what you know yourself; others can.")
    if by not in standing:
        raise NotFound("This person is not known.")
    if not any(known["term_id"] == term_id for known in contact.expertise):
        raise NotFound("This person does not offer this any more.")
    if session.get(Endorsement, (contact_id, term_id, by)):
        return
    session.add(Endorsement(contact_id=contact_id, term_id=term_id, endorser_id=by, made_at=moment))
    _count_anew(session, contact)
    outbox.add(session, ExpertiseEndorsed(contact_id=contact_id, term_id=term_id, endorser_id=by))


def withdraw(session: Session, *, contact_id: str, term_id: str, endorser: Identity) -> None:
    """Take a confirmation back; one that is not there is fine."""
    contact = session.get(Contact, contact_id, with_for_update=True)
    found = session.get(Endorsement, (contact_id, term_id, endorser.contact_id or ""))
    if contact and found:
        session.delete(found)
        _count_anew(session, contact)


def forget(session: Session, contact_id: str) -> None:
    """Take away what a person claimed, confirmed, and what others confirmed of them.

    Words that only they suggested go too.
    """
    forget_claims_of(session, contact_id, datetime.now(UTC))
    by = col(Endorsement.endorser_id) == contact_id
    confirmed = session.exec(select(Endorsement.contact_id).where(by).distinct()).all()
    session.connection().execute(
        delete(Endorsement).where(by | (col(Endorsement.contact_id) == contact_id))
    )
    for id in sorted(confirmed):
        other = session.get(Contact, id, with_for_update=True)
        if other:
            _count_anew(session, other)


def forget_claims_of(session: Session, holder_id: str, moment: datetime) -> None:
    """Take away what a person or an organisation claims, and words that only they suggested."""
    theirs = select(Claim.term_id).where(Claim.holder_id == holder_id)
    words = set(session.exec(theirs))
    forget_claims(session, holder_id, moment)
    drop_unused(session, words, moment)


def briefs(session: Session, ids: list[str]) -> dict[str, TermBrief]:
    """Terms by their names in the language spoken now."""
    words = named(session, ids)
    open_ones = suggestions(session, ids)
    return {
        id: brief(words.get(id) or Word(id, "free", {SOURCE: id}), suggested=id in open_ones)
        for id in ids
    }


def brief(word: Word, *, suggested: bool = False) -> TermBrief:
    """A term by its name in the language spoken now."""
    label = word.label(spoken())
    return TermBrief(
        id=word.id,
        label=label,
        words=as_words(word.id, label),
        scheme=word.scheme,
        status="suggested" if suggested else "current",
    )


def _seen(session: Session, contact_id: str, viewer: Identity) -> Contact:
    contact = session.exec(
        select(Contact).where(
            Contact.id == contact_id,
            Contact.status == "member",
            visible_to(col(Contact.audience), viewer.grants),
        )
    ).first()
    if contact is None:
        raise NotFound("There is nobody here, or they do not want to be found.")
    return contact


def _count_anew(session: Session, contact: Contact) -> None:
    refresh(session, contact)
    contacts.revise(session, contact)
