"""Use cases of matches: look up who may fit, and let the rules rank them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sql
from sqlmodel import Session, col, select

from services.kit.audience import visible_to
from services.kit.identity import Identity
from services.matchmaking.demo_cases.models import DemoCase
from services.matchmaking.matches.rules import Match, Need, Offer, fit, rank, words_of
from services.matchmaking.matches.schemas import MatchRead
from services.matchmaking.projection import Candidate, CandidateTerm, CandidateWord, standing_id

_AT_ONCE = 5_000
"""Values in one query; databases take only so many."""


def best(session: Session, *, demo_case: DemoCase, most: int) -> tuple[list[Match], list[Match]]:
    """The best members and the best organisations, at most `most` of each.

    These are the ones to be told of the demo-case; what others may see of them is decided
    by `listed`.
    """
    need = _need(session, demo_case)
    offers = _offers(session, demo_case)
    members = (offer for offer in offers if offer.kind == "member")
    organisations = (offer for offer in offers if offer.kind == "organisation")
    return rank(need, members, most=most), rank(need, organisations, most=most)


def listed(
    session: Session, *, demo_case: DemoCase, viewer: Identity, limit: int
) -> list[MatchRead]:
    """The ranking as it is now, of candidates whose names the viewer may see.

    Whoever agreed to be matched agreed that the people of a demo-case see their name; other
    members see those who are in the directory.
    """
    proposed_it = viewer.contact_id == demo_case.proposer_id
    offers = _offers(session, demo_case, grants=None if proposed_it else viewer.grants)
    matches = rank(_need(session, demo_case), offers, most=limit)
    names = _names(session, [match.id for match in matches])
    return [
        MatchRead(
            kind=match.kind,
            id=match.id,
            name=names[match.id],
            score=match.score,
            covers=list(match.covers),
            missing=list(match.missing),
            reason=match.reason,
        )
        for match in matches
    ]


def _need(session: Session, demo_case: DemoCase) -> Need:
    lead = session.get(Candidate, standing_id(session, demo_case.lead_organisation_id or ""))
    return Need(
        id=demo_case.id,
        terms=tuple(demo_case.required_terms),
        region_code=demo_case.region_code,
        helix_side=lead.helix_side if lead else None,
    )


def _offers(
    session: Session, demo_case: DemoCase, *, grants: Iterable[str] | None = None
) -> list[Offer]:
    """Everybody with a term that fits, with those terms only; not proposer and lead themselves.

    Three plain look-ups (which terms fit, who has them, who they are) instead of a join,
    which PostgreSQL plans badly while it has no statistics of a freshly filled index.
    """
    terms = _fitting_terms(session, demo_case.required_terms)
    lead_id = standing_id(session, demo_case.lead_organisation_id or "")
    for id in (demo_case.proposer_id, lead_id):
        terms.pop(id, None)
    ids = list(terms)
    offers = []
    for start in range(0, len(ids), _AT_ONCE):
        query = sql.select(
            col(Candidate.id),
            col(Candidate.kind),
            col(Candidate.region_code),
            col(Candidate.helix_side),
        ).where(col(Candidate.id).in_(ids[start : start + _AT_ONCE]))
        if grants is not None:
            query = query.where(visible_to(col(Candidate.audience), grants))
        for id, kind, region_code, helix_side in session.connection().execute(query):
            offers.append(Offer(id, kind, tuple(terms[id]), region_code, helix_side))
    return offers


def _fitting_terms(session: Session, required: Sequence[str]) -> dict[str, list[str]]:
    """Candidates' ids with those of their terms that fit a required one."""
    words = sorted({word for term in required for word in words_of(term)})
    known = session.connection().execute(
        sql.select(col(CandidateWord.term)).where(col(CandidateWord.word).in_(words)).distinct()
    )
    fitting = [had for (had,) in known if any(fit(term, had) for term in required)]
    holders: dict[str, list[str]] = {}
    for start in range(0, len(fitting), _AT_ONCE):
        query = sql.select(col(CandidateTerm.candidate_id), col(CandidateTerm.term)).where(
            col(CandidateTerm.term).in_(fitting[start : start + _AT_ONCE])
        )
        for id, had in session.connection().execute(query):
            holders.setdefault(id, []).append(had)
    return holders


def _names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    found = session.exec(select(Candidate.id, Candidate.name).where(col(Candidate.id).in_(ids)))
    return dict(found.all())
