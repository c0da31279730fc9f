"""Keeping the directory: entries are written right before the commit of what they are made of.

The clock's row is locked last and for the shortest time: nobody who holds it waits for anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import event, update
from sqlmodel import Session, col, select

from services.membership.contacts.models import Contact
from services.membership.directory.models import Clock, Entry
from services.membership.directory.rules import (
    LISTED,
    ORGANISATION,
    PERSON,
    facets_of,
    words_of,
)
from services.membership.expertise.models import Claim, OrganisationTerm
from services.membership.expertise.naming import suggestions
from services.membership.expertise.rules import key_of
from services.membership.organisations.models import Organisation

_WAITING = "directory.waiting"
CLOCK_ID = 1


@dataclass(frozen=True)
class Wanted:
    """An entry as it shall be."""

    name: str
    words: str
    facets: str


def keep_soon(session: Session, subject_id: str) -> None:
    """Have an entry brought up to date when the session commits."""
    waiting = session.info.setdefault(_WAITING, set())
    if not waiting:
        event.listen(session, "before_commit", _write, once=True)
    waiting.add(subject_id)


def _write(session: Session) -> None:
    """Write what has changed of the entries that wait."""
    session.flush()
    ids = sorted(session.info.pop(_WAITING))
    wanted = {**_people(session, ids), **_organisations(session, ids)}
    known = {
        entry.subject_id: entry
        for entry in session.exec(select(Entry).where(col(Entry.subject_id).in_(ids)))
    }
    changed = [id for id in ids if _differs(known.get(id), wanted.get(id))]
    if not changed:
        return
    revised, numbers = (
        session.connection()
        .execute(
            update(Clock)
            .values(revised=Clock.revised + 1)
            .returning(col(Clock.revised), col(Clock.numbers))
        )
        .one()
    )
    new = [id for id in changed if id not in known]
    free = _free(session, len(new))
    given = 0
    for id in changed:
        entry = known.get(id)
        if entry is None:
            if free:
                entry = free.pop()
            else:
                given += 1
                entry = Entry(number=numbers + given, revised=0, name="", words="", facets="")
        shall = wanted.get(id) or Wanted("", "", "")
        entry.subject_id = id if shall.facets else None
        entry.name, entry.words, entry.facets = shall.name, shall.words, shall.facets
        entry.revised = revised
        session.add(entry)
    if given:
        session.connection().execute(update(Clock).values(numbers=numbers + given))
    session.flush()


def _differs(known: Entry | None, wanted: Wanted | None) -> bool:
    if known is None or wanted is None:
        return known is not None or wanted is not None
    return (known.name, known.words, known.facets) != (wanted.name, wanted.words, wanted.facets)


def _free(session: Session, most: int) -> list[Entry]:
    """Entries whose numbers nobody has any more."""
    if not most:
        return []
    return list(session.exec(select(Entry).where(col(Entry.subject_id).is_(None)).limit(most)))


def _people(session: Session, ids: Sequence[str]) -> dict[str, Wanted]:
    contacts = session.exec(
        select(Contact).where(
            col(Contact.id).in_(ids),
            Contact.status == "member",
            col(Contact.audience).in_(LISTED),
        )
    ).all()
    terms: dict[tuple[str, str], list[str]] = {}
    claims = select(Claim).where(col(Claim.holder_id).in_([contact.id for contact in contacts]))
    claimed = session.exec(claims.order_by(col(Claim.place))).all()
    # Words of one's own are found by typing them; nobody else is offered them.
    own = suggestions(session, [claim.term_id for claim in claimed])
    for claim in claimed:
        if claim.term_id not in own:
            terms.setdefault((claim.holder_id, claim.kind), []).append(claim.term_id)
    return {
        contact.id: Wanted(
            name=key_of(contact.name),
            words=words_of([contact.name, *contact.expertise_offered, *contact.expertise_sought]),
            facets=facets_of(
                kind=PERSON,
                audience=contact.audience,
                side=contact.helix_side,
                region_code=contact.region_code,
                offered=terms.get((contact.id, "offered"), ()),
                sought=terms.get((contact.id, "sought"), ()),
                organisation_id=contact.organisation_id,
            ),
        )
        for contact in contacts
    }


def _organisations(session: Session, ids: Sequence[str]) -> dict[str, Wanted]:
    organisations = session.exec(
        select(Organisation).where(
            col(Organisation.id).in_(ids),
            col(Organisation.audience).in_(LISTED),
            col(Organisation.merged_into).is_(None),
        )
    ).all()
    terms: dict[str, list[str]] = {}
    known = [organisation.id for organisation in organisations]
    held = session.exec(
        select(OrganisationTerm)
        .where(col(OrganisationTerm.organisation_id).in_(known), OrganisationTerm.told())
        .order_by(col(OrganisationTerm.term_id))
    ).all()
    own = suggestions(session, [term.term_id for term in held])
    for term in held:
        if term.term_id not in own:
            terms.setdefault(term.organisation_id, []).append(term.term_id)
    return {
        organisation.id: Wanted(
            name=key_of(organisation.name),
            words=words_of([organisation.name, *organisation.knows]),
            facets=facets_of(
                kind=ORGANISATION,
                audience=organisation.audience,
                side=organisation.helix_side,
                region_code=organisation.region_code or organisation.country,
                offered=terms.get(organisation.id, ()),
                # Its people have this one too, and are found by its name through it.
                organisation_id=organisation.id,
            ),
        )
        for organisation in organisations
    }
