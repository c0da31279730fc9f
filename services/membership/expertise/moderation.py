"""Use cases of suggested terms: a moderator maps them, accepts them, or refuses them."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.membership import TermMapped, TermState
from services.kit.audience import PUBLIC
from services.kit.errors import Conflict, Invalid, NotFound
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.expertise import mesh
from services.membership.expertise.claims import GONE, claim_for_organisation, refresh
from services.membership.expertise.models import Claim, Endorsement, Term
from services.membership.expertise.naming import resolved, tell, word_of
from services.membership.expertise.rules import FREE, alike, better, id_of, key_of
from services.membership.expertise.schemas import SuggestedTerm
from services.membership.expertise.service import brief
from services.membership.expertise.vocabulary import Word, vocabulary
from services.membership.organisations import service as organisations
from services.membership.organisations.models import Organisation

MOST_LIKELY = 5
MOST_COMPARED = 100
"""Headings of MeSH that are compared for each word."""
_ALIKE = 0.35


def waiting(session: Session, *, limit: int, offset: int = 0) -> list[SuggestedTerm]:
    """Suggestions, the most used first, each with terms that it may mean."""
    used = func.count(col(Claim.term_id))
    found = session.exec(
        select(
            Term,
            func.count().filter(col(Claim.kind) == "offered"),
            func.count().filter(col(Claim.kind) == "sought"),
        )
        .join(Claim, Claim.term_id == Term.id, isouter=True)  # type: ignore[arg-type]
        .where(Term.status == "suggested")
        .group_by(col(Term.id))
        .order_by(used.desc(), col(Term.made_at), col(Term.id))
        .limit(limit)
        .offset(offset)
    )
    return [
        SuggestedTerm(
            term=brief(word_of(row), suggested=True),
            offered=offered,
            sought=sought,
            made_at=row.made_at,
            likely=[brief(word) for word in likely(row.label)],
        )
        for row, offered, sought in found
    ]


def likely(words: str) -> list[Word]:
    """Terms that words may mean, the likeliest first."""
    return [word for id in _likely(key_of(words)) if (word := vocabulary().find(id))]


@lru_cache(maxsize=2048)
def _likely(key: str) -> tuple[str, ...]:
    meant = dict(vocabulary().by_key())
    for part in {part[:5] for part in key.split() if len(part) > 3}:
        for heading in mesh.headings().with_words(part, MOST_COMPARED):
            meant.setdefault(key_of(heading.name), heading.id)
    best: dict[str, float] = {}
    for name, measure in alike(key, meant, _ALIKE).items():
        best[meant[name]] = max(best.get(meant[name], 0), measure)
    return tuple(sorted(best, key=lambda id: (-best[id], id))[:MOST_LIKELY])


def map_term(session: Session, *, id: str, into: str, moment: datetime) -> None:
    """Let a suggestion be another term: every claim moves. Raises NotFound, Conflict, Invalid."""
    row = _locked(session, id)
    target = _target(session, into)
    if target == id:
        raise Invalid("This is the same term. Please choose another one.", field="into")
    resolved(session, [target], moment=moment, field="into")

    def move(claim: Claim) -> None:
        known = session.get(Claim, (claim.holder_id, claim.kind, target))
        if known and known.place > GONE:
            known.level = better(known.level, claim.level)
            known.proof = known.proof or claim.proof
        else:
            # One that was given up a moment ago is the same row.
            known = known or Claim(**{**claim.model_dump(), "term_id": target})
            known.place, known.level, known.proof = claim.place, claim.level, claim.proof
            known.counts_for, known.counts_as, known.counts_openly = None, None, False
        session.add(known)

    _endorsements_move(session, id, target)
    _each_claim(session, id, moment, move, instead=target)
    for earlier in session.exec(select(Term).where(Term.mapped_to == id)):
        _map(session, earlier, target)
    _map(session, row, target)
    outbox.add(session, TermMapped(term_id=id, into_id=target))


def accept(session: Session, *, id: str) -> None:
    """Let a suggestion be a term of this community, for everybody; twice changes nothing."""
    row = _locked(session, id)
    if row.status == "current":
        return
    row.status, row.audience = "current", PUBLIC
    row.version += 1
    tell(session, row)
    for contact in _holders(session, id):
        contacts.revise(session, contact)
    for house in _houses(session, id):
        organisations.revise(session, house)


def refuse(session: Session, *, id: str, moment: datetime) -> None:
    """Take a suggestion away from everybody who used it."""
    row = _locked(session, id)
    session.connection().execute(delete(Endorsement).where(col(Endorsement.term_id) == id))
    _each_claim(session, id, moment, lambda _claim: None)
    outbox.bury(session, TermState, id=id, version=row.version + 1)
    session.delete(row)
    session.flush()


def _each_claim(
    session: Session,
    id: str,
    moment: datetime,
    move: Callable[[Claim], None],
    *,
    instead: str | None = None,
) -> None:
    """End every claim of a term after `move` has taken from it; their holders tell."""
    people = _holders(session, id)
    houses = _houses(session, id)
    mine = select(Claim).where(Claim.term_id == id, Claim.holder == "contact")
    for claim in session.exec(mine).all():
        move(claim)
        claim.place = GONE
        session.add(claim)
    session.flush()
    for contact in people:
        refresh(session, contact)
        contacts.revise(session, contact)
    for house in houses:
        _offer_instead(session, house, id, instead, moment)


def _offer_instead(
    session: Session, house: Organisation, id: str, instead: str | None, moment: datetime
) -> None:
    held = session.exec(
        select(Claim.term_id).where(Claim.holder_id == house.id).order_by(col(Claim.place))
    ).all()
    wanted = [instead if term_id == id else term_id for term_id in held]
    offered = list(dict.fromkeys(term_id for term_id in wanted if term_id))
    if claim_for_organisation(session, house, offered=offered, moment=moment):
        organisations.revise(session, house)


def _endorsements_move(session: Session, id: str, target: str) -> None:
    for found in session.exec(select(Endorsement).where(Endorsement.term_id == id)).all():
        if session.get(Endorsement, (found.contact_id, target, found.endorser_id)) is None:
            session.add(Endorsement(**{**found.model_dump(), "term_id": target}))
        session.delete(found)
    session.flush()


def _map(session: Session, row: Term, target: str) -> None:
    row.status, row.mapped_to = "mapped", target
    row.version += 1
    tell(session, row)


def _locked(session: Session, id: str) -> Term:
    row = session.get(Term, id, with_for_update=True) if id.startswith(FREE) else None
    if row is None:
        raise NotFound("This suggestion is not known; somebody may have decided about it.")
    if row.status == "mapped":
        raise Conflict("Somebody has mapped this suggestion already.")
    return row


def _target(session: Session, into: str) -> str:
    id = id_of(into)
    if id and id.startswith(FREE):
        row = session.get(Term, id)
        found = row.id if row and row.status == "current" else None
    elif id:
        word = vocabulary().find(id)
        found = word.id if word else None
    else:
        key = key_of(into)
        accepted = select(Term.id).where(Term.key == key, Term.status == "current")
        found = vocabulary().meant(key) or session.exec(accepted).first()
    if found is None:
        raise Invalid("There is no such term. Please choose one from the list.", field="into")
    return found


def _holders(session: Session, id: str) -> list[Contact]:
    """The people who claim a term, under their row locks."""
    claimed = select(Claim.holder_id).where(Claim.term_id == id, Claim.holder == "contact")
    wanted = select(Contact).where(col(Contact.id).in_(claimed)).order_by(col(Contact.id))
    return list(session.exec(wanted.with_for_update()))


def _houses(session: Session, id: str) -> list[Organisation]:
    """The organisations that themselves claim a term, under their row locks."""
    claimed = select(Claim.holder_id).where(Claim.term_id == id, Claim.holder == "organisation")
    ids = session.exec(claimed).all()
    return organisations.locked_all(session, ids) if ids else []
