"""Claims: what people and organisations say to know and to look for, kept with what tells it.

Contacts and organisations stand on this module; what stands on them is in `service.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.membership import ExpertiseClaimed, TermState
from services.kit.audience import MEMBERS, PUBLIC
from services.kit.forgetting import say_later
from services.kit.language import SOURCE
from services.kit.timers import set_timer
from services.membership.contacts.models import Contact
from services.membership.expertise.models import Claim, Endorsement, OrganisationTerm, Term
from services.membership.expertise.naming import as_words, named, resolved, suggestions, words_in
from services.membership.expertise.rules import FREE, LEVELS, USUAL, each_once, may_tell
from services.membership.organisations.models import Organisation

MOST_TOLD = 500
"""Terms of one organisation that are told and shown; the rest is counted all the same."""
TELL = "tell-organisation"
"""Kind of timer: what an organisation knows has changed; the key is its id."""
GONE = -1
"""Place of a claim that its holder gave up."""
Changes = dict[tuple[str, str], dict[str, int]]
"""By organisation and term: what to add to how many know it, by level, `own` or `openly`."""


def claim_all(
    session: Session,
    contact: Contact,
    *,
    offered: Sequence[tuple[str, str | None]] | None = None,
    sought: Sequence[str] | None = None,
    proofs: Mapping[str, str] | None = None,
    moment: datetime,
) -> bool:
    """Let the contact offer and seek exactly these terms; whether anything changed.

    Each is an id, or words in any language; words that nobody knows become suggestions. No level
    keeps the one there is; None of `offered` or `sought` keeps all. `proofs` are all links of
    proof, by what stands in `offered`; None keeps them. The caller revises the contact afterwards.
    Raises Invalid for an id that is not known.
    """
    changed = False
    given_up: set[str] = set()
    if offered is not None:
        words = [said for said, _level in offered]
        ids = resolved(session, words, moment=moment, field="expertise_offered")
        terms = each_once((ids[said], level) for said, level in offered)
        links = None if proofs is None else {ids[said]: link for said, link in proofs.items()}
        before = set(_held(session, contact.id, "offered"))
        given_up |= before - {term_id for term_id, _level in terms}
        changed |= _replace(session, contact.id, "contact", "offered", terms, links, moment)
        for term_id, level in terms:
            if term_id not in before:
                fact = ExpertiseClaimed.model_validate(
                    {"contact_id": contact.id, "term_id": term_id, "level": level or USUAL}
                )
                outbox.add(session, fact)
    if sought is not None:
        ids = resolved(session, sought, moment=moment, field="expertise_sought")
        terms = each_once((ids[said], None) for said in sought)
        given_up |= set(_held(session, contact.id, "sought")) - {id for id, _level in terms}
        changed |= _replace(session, contact.id, "contact", "sought", terms, None, moment)
    if changed:
        refresh(session, contact)
    drop_unused(session, given_up, moment)
    return changed


def claim_for_organisation(
    session: Session, organisation: Organisation, *, offered: Sequence[str], moment: datetime
) -> bool:
    """Let an organisation itself offer exactly these terms; whether what it tells changed.

    The caller saves the organisation and tells. Raises Invalid for an id that is not known.
    """
    ids = resolved(session, offered, moment=moment, field="expertise")
    terms = each_once((ids[said], USUAL) for said in offered)
    before = _held(session, organisation.id, "offered")
    _replace(session, organisation.id, "organisation", "offered", terms, None, moment)
    after = {term_id for term_id, _level in terms}
    changes: Changes = {(organisation.id, gone): {"own": -1} for gone in set(before) - after}
    changes.update({(organisation.id, fresh): {"own": 1} for fresh in after - set(before)})
    count(session, changes)
    return summarise(session, organisation)


def own_words(session: Session, organisation_id: str, language: str) -> list[str]:
    """What an organisation offers by itself, as its form shows it."""
    ids = list(_held(session, organisation_id, "offered"))
    labels = named(session, ids)
    return [as_words(id, labels[id].label(language)) for id in ids if id in labels]


def said_of_people(
    session: Session, people: Sequence[Contact], language: str
) -> dict[str, tuple[list[str], list[str]]]:
    """What people offer and seek by their ids, as pages and forms in this language say it."""
    offered = {one.id: [known["term_id"] for known in one.expertise] for one in people}
    sought = {one.id: one.sought_term_ids for one in people}
    words = words_in(session, [*offered.values(), *sought.values()], language)
    return {
        one.id: (
            [words[id] for id in offered[one.id] if id in words],
            [words[id] for id in sought[one.id] if id in words],
        )
        for one in people
    }


def said_of_organisations(
    session: Session, houses: Sequence[Organisation], language: str
) -> dict[str, list[str]]:
    """What organisations know by their ids, as pages in this language say it."""
    words = words_in(session, [house.term_ids for house in houses], language)
    return {house.id: [words[id] for id in house.term_ids if id in words] for house in houses}


def refresh(session: Session, contact: Contact) -> None:
    """Bring what a contact tells of its expertise in step with its claims."""
    session.flush()
    offered = _held(session, contact.id, "offered")
    sought = _held(session, contact.id, "sought")
    table = col(Endorsement.contact_id) == contact.id
    counted = select(Endorsement.term_id, func.count()).where(table)
    endorsed = dict(session.exec(counted.group_by(col(Endorsement.term_id))).all())
    words = words_in(session, [offered, sought], SOURCE)
    contact.expertise = [
        {"term_id": id, "level": claim.level, "endorsed": endorsed.get(id, 0)}
        for id, claim in offered.items()
    ]
    contact.sought_term_ids = list(sought)
    # Words that somebody else gave up or a moderator refused at that instant have no name.
    contact.expertise_offered = [words[id] for id in offered if id in words]
    contact.expertise_sought = [words[id] for id in sought if id in words]


def follow(session: Session, contact: Contact, moment: datetime) -> None:
    """Let a contact's claims count where the contact is now: among those whom others may find,
    and for its organisation. Organisations that know more or less by it tell so a moment later.
    """
    mine = list(session.exec(select(Claim).where(Claim.holder_id == contact.id)))
    if not mine:
        return
    listed = contact.status == "member" and contact.audience in (PUBLIC, MEMBERS)
    suggested = suggestions(session, [claim.term_id for claim in mine])
    changes: Changes = {}
    for claim in mine:
        if claim.place == GONE:
            _shift(changes, claim, -1)
            session.delete(claim)
            continue
        # Suggestions are words of their author alone.
        counts = listed and claim.kind == "offered" and claim.term_id not in suggested
        wanted = (
            (contact.organisation_id, claim.level, contact.audience == PUBLIC)
            if counts and contact.organisation_id
            else (None, None, False)
        )
        now = (claim.counts_for, claim.counts_as, claim.counts_openly)
        if (claim.listed, *now) != (listed, *wanted):
            _shift(changes, claim, -1)
            claim.listed, (claim.counts_for, claim.counts_as, claim.counts_openly) = listed, wanted
            _shift(changes, claim, 1)
            session.add(claim)
    session.flush()
    _told_soon(session, count(session, changes), moment)


def forget_claims(session: Session, holder_id: str, moment: datetime) -> None:
    """Take away all claims of a person or an organisation, and what they count for."""
    changes: Changes = {}
    for claim in session.exec(select(Claim).where(Claim.holder_id == holder_id)):
        _shift(changes, claim, -1)
        session.delete(claim)
    session.flush()
    _told_soon(session, count(session, changes), moment)
    mine = col(OrganisationTerm.organisation_id) == holder_id
    session.connection().execute(delete(OrganisationTerm).where(mine))


def drop_unused(session: Session, term_ids: set[str], moment: datetime) -> None:
    """Take away suggestions among these that nobody claims (any more): they were somebody's own
    words, and whoever gave them up need not be known by them.
    """
    for term_id in sorted(id for id in term_ids if id.startswith(FREE)):
        row = session.get(Term, term_id, with_for_update=True)
        claims = select(Claim.term_id).where(Claim.term_id == term_id, col(Claim.place) > GONE)
        used = session.exec(claims.limit(1)).first()
        if row and row.status == "suggested" and not used:
            outbox.bury(session, TermState, id=row.id, version=row.version + 1)
            # Once more, as late as it has to be: Kafka might keep the words beside the first.
            say_later(session, TermState.TYPE, row.id, moment)
            session.delete(row)
    session.flush()


def count(session: Session, changes: Changes) -> set[str]:
    """Add to how many know a term in an organisation; gives the organisations that have more or
    fewer terms to tell.
    """
    table = OrganisationTerm.__table__  # type: ignore[attr-defined]
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    columns = ("own", *LEVELS, "openly")
    connection = session.connection()
    moved = set()
    # In one order for everybody: two at once wait for each other, never both.
    for (organisation_id, term_id), change in sorted(changes.items()):
        if not any(change.values()):
            continue
        fresh = insert(table).values(
            organisation_id=organisation_id,
            term_id=term_id,
            **{name: change.get(name, 0) for name in columns},
        )
        kept = fresh.on_conflict_do_update(
            index_elements=["organisation_id", "term_id"],
            set_={name: table.c[name] + fresh.excluded[name] for name in columns},
        ).returning(*(table.c[name] for name in columns))
        after: dict[str, int] = dict(zip(columns, connection.execute(kept).one(), strict=True))
        before = {name: after[name] - change.get(name, 0) for name in columns}
        if may_tell(after) != may_tell(before):
            moved.add(organisation_id)
        if not any(after.values()):
            connection.execute(
                delete(table).where(
                    table.c.organisation_id == organisation_id, table.c.term_id == term_id
                )
            )
    return moved


def summarise(session: Session, organisation: Organisation) -> bool:
    """Bring what an organisation tells of its expertise in step; whether that changed it.

    Its own terms come first, then those that most of its people know.
    """
    own = list(_held(session, organisation.id, "offered"))
    people = col(OrganisationTerm.learning) + OrganisationTerm.practising + OrganisationTerm.leading
    theirs = session.exec(
        select(OrganisationTerm.term_id)
        .where(
            OrganisationTerm.organisation_id == organisation.id,
            OrganisationTerm.own == 0,
            OrganisationTerm.told(),
        )
        .order_by(people.desc(), col(OrganisationTerm.term_id))
        .limit(MOST_TOLD)
    ).all()
    ids = [*own, *theirs][:MOST_TOLD]
    said = words_in(session, [ids], SOURCE)
    words = [said[id] for id in ids]
    values = {"term_ids": ids, "knows": words, "expertise": words[: len(own)]}
    if all(getattr(organisation, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(organisation, name, value)
    return True


def tell_organisation(session: Session, organisation_id: str, _moment: datetime) -> None:
    """Timer: have an organisation tell what it knows now, when that is something else."""
    # Organisations claim, and claims have organisations tell: here the circle closes.
    from services.membership.organisations.service import revise

    organisation = session.exec(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update(nowait=True, key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if organisation and summarise(session, organisation):
        revise(session, organisation)


def _told_soon(session: Session, organisation_ids: set[str], moment: datetime) -> None:
    # By a timer: people who share an organisation need not wait for each other.
    for organisation_id in sorted(organisation_ids):
        set_timer(session, kind=TELL, key=organisation_id, due_at=moment)


def _held(session: Session, holder_id: str, kind: str) -> dict[str, Claim]:
    """Claims of one kind by their terms, in their holder's order."""
    mine = select(Claim).where(
        Claim.holder_id == holder_id, Claim.kind == kind, col(Claim.place) > GONE
    )
    return {claim.term_id: claim for claim in session.exec(mine.order_by(col(Claim.place)))}


def _replace(
    session: Session,
    holder_id: str,
    holder: str,
    kind: str,
    terms: Sequence[tuple[str, str | None]],
    proofs: Mapping[str, str] | None,
    moment: datetime,
) -> bool:
    held = _held(session, holder_id, kind)
    order = [term_id for term_id, _level in terms]
    gone = [claim for term_id, claim in held.items() if term_id not in order]
    changed = list(held) != order
    for claim in gone:
        if holder == "organisation":
            session.delete(claim)
        else:
            # Gone for its holder; `follow` takes it away with what it counts for.
            claim.place = GONE
            session.add(claim)
    if gone and kind == "offered":
        session.connection().execute(
            delete(Endorsement).where(
                col(Endorsement.contact_id) == holder_id,
                col(Endorsement.term_id).in_([claim.term_id for claim in gone]),
            )
        )
    for place, (term_id, level) in enumerate(terms):
        claim = held.get(term_id) or Claim(
            holder_id=holder_id, kind=kind, term_id=term_id, holder=holder, place=place,
            level=None if kind == "sought" else USUAL, claimed_at=moment,
        )  # fmt: skip
        proof = claim.proof if proofs is None else proofs.get(term_id) or None
        wanted = (place, level or claim.level, proof)
        if term_id not in held or (claim.place, claim.level, claim.proof) != wanted:
            changed = True
            claim.place, claim.level, claim.proof = wanted
            session.add(claim)
    session.flush()
    return changed


def _shift(changes: Changes, claim: Claim, by: int) -> None:
    if claim.counts_for and claim.counts_as:
        change = changes.setdefault((claim.counts_for, claim.term_id), {})
        change[claim.counts_as] = change.get(claim.counts_as, 0) + by
        change["openly"] = change.get("openly", 0) + by * claim.counts_openly
