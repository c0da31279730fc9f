"""Use cases of matches: look up who may fit, and let the rules rank them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sql
from sqlmodel import Session, col, select

from services.kit.audience import visible_to
from services.kit.identity import Identity
from services.matchmaking.demo_cases.models import DemoCase
from services.matchmaking.matches.rules import Kind, Match, Need, Offer, fit, rank, tokens
from services.matchmaking.matches.schemas import MatchRead
from services.matchmaking.projection import Candidate, CandidateTerm


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
    """The ranking as it is now, of candidates whose names the viewer may see."""
    offers = _offers(session, demo_case, grants=viewer.grants)
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
    lead = session.get(Candidate, demo_case.lead_organisation_id or "")
    return Need(
        id=demo_case.id,
        terms=tuple(demo_case.required_terms),
        region_code=demo_case.region_code,
        helix_side=lead.helix_side if lead else None,
    )


def _offers(
    session: Session, demo_case: DemoCase, *, grants: Iterable[str] | None = None
) -> Sequence[Offer]:
    """Everybody with a term that fits, with those terms only; not proposer and lead themselves.

    Two steps: which of all known terms fit (few), then who has them.
    """
    fitting = _fitting_terms(session, demo_case.required_terms)
    if not fitting:
        return []
    query = (
        sql.select(
            col(Candidate.id),
            col(Candidate.kind),
            col(Candidate.region_code),
            col(Candidate.helix_side),
            col(CandidateTerm.term),
        )
        .join(CandidateTerm, col(CandidateTerm.candidate_id) == col(Candidate.id))
        .where(sql.tuple_(col(CandidateTerm.token), col(CandidateTerm.term)).in_(fitting))
        .where(col(Candidate.id).not_in(_own_side(demo_case)))
    )
    if grants is not None:
        query = query.where(visible_to(col(Candidate.audience), grants))
    terms: dict[str, list[str]] = {}
    about: dict[str, tuple[Kind, str | None, str | None]] = {}
    for id, kind, region_code, helix_side, term in session.connection().execute(query):
        terms.setdefault(id, []).append(term)
        about[id] = (kind, region_code, helix_side)
    return [
        Offer(
            id=id,
            kind=kind,
            terms=tuple(terms[id]),
            region_code=region_code,
            helix_side=helix_side,
        )
        for id, (kind, region_code, helix_side) in about.items()
    ]


def _own_side(demo_case: DemoCase) -> list[str]:
    return [demo_case.proposer_id, demo_case.lead_organisation_id or demo_case.proposer_id]


def _fitting_terms(session: Session, required: Sequence[str]) -> list[tuple[str, str]]:
    """Offered terms that fit a required one, each with one of its words to look it up by."""
    words = sorted({token for term in required for token in tokens(term)})
    found = session.exec(
        select(CandidateTerm.term, CandidateTerm.token)
        .where(col(CandidateTerm.token).in_(words))
        .distinct()
    )
    word_of = dict(found.all())
    return sorted(
        (word, offered)
        for offered, word in word_of.items()
        if any(fit(term, offered) for term in required)
    )


def _names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    found = session.exec(select(Candidate.id, Candidate.name).where(col(Candidate.id).in_(ids)))
    return dict(found.all())
