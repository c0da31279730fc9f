"""Use cases about one person: what matchmaking keeps of them, and forgetting it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from services.matchmaking import projection
from services.matchmaking.demo_cases import service as demo_cases
from services.matchmaking.projection import Candidate, CandidateTerm


def held(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """How the person can be matched, and the projects they proposed."""
    candidates = session.exec(select(Candidate).where(Candidate.id == contact_id))
    terms = select(CandidateTerm.term).where(CandidateTerm.candidate_id == contact_id)
    return {
        "candidate": [
            {
                **candidate.model_dump(mode="json"),
                "terms": list(session.exec(terms.order_by(col(CandidateTerm.term)))),
            }
            for candidate in candidates
        ],
        "demo_cases": [
            demo_case.model_dump(mode="json", exclude={"proposer_id"})
            for demo_case in demo_cases.proposed_by(session, contact_id)
        ],
    }


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """The person can be matched no longer; their projects stay, by a former member."""
    projection.forget(session, contact_id)
    demo_cases.forget(session, contact_id)
