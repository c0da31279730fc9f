"""HTTP to the services of expertise and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query

from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, Id, OptionalLine
from services.kit.identity import Caller, Identity, Member, needs
from services.kit.routes import Router
from services.membership.expertise import browsing, moderation, service
from services.membership.expertise.schemas import (
    ExpertiseRead,
    ExpertiseUpdate,
    SuggestedTerm,
    Suggestion,
    TermId,
    TermMapping,
    TermRead,
    Vocabularies,
)

router = Router(tags=["expertise"])

Moderator = Annotated[Identity, Depends(needs("moderator"))]
TermPath = Annotated[TermId, Path()]


@router.get("/terms")
def list_terms(db: Db) -> Vocabularies:
    """The vocabulary by themes, with how many offer and seek each term."""
    with db.reader() as session:
        return browsing.themes(session)


@router.get("/terms/matching")
def suggest_terms(db: Db, q: OptionalLine = "") -> list[Suggestion]:
    """Terms that fit what somebody types, at most ten, in the language of the request."""
    with db.reader() as session:
        return browsing.suggested(session, query=q)


@router.get("/terms/suggested")
def list_suggested_terms(
    db: Db,
    moderator: Moderator,
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[SuggestedTerm]:
    """Words that no moderator has looked at, the most used first."""
    with db.reader() as session:
        return moderation.waiting(session, limit=limit, offset=offset)


@router.get("/terms/{term_id}")
def read_term(db: Db, viewer: Caller, term_id: TermPath) -> TermRead:
    """One term, and who offers it."""
    with db.reader() as session:
        return browsing.term(session, id=term_id, viewer=viewer)


@router.post("/terms/{term_id}/map", status_code=204)
def map_term(db: Db, moderator: Moderator, term_id: TermPath, order: TermMapping) -> None:
    """Say what suggested words mean."""
    with db.unit_of_work() as session:
        moderation.map_term(session, id=term_id, into=order.into, moment=datetime.now(UTC))


@router.post("/terms/{term_id}/accept", status_code=204)
def accept_term(db: Db, moderator: Moderator, term_id: TermPath) -> None:
    """Let suggested words be a term of this community."""
    with db.unit_of_work() as session:
        moderation.accept(session, id=term_id)


@router.post("/terms/{term_id}/refuse", status_code=204)
def refuse_term(db: Db, moderator: Moderator, term_id: TermPath) -> None:
    """Take suggested words away from everybody who used them."""
    with db.unit_of_work() as session:
        moderation.refuse(session, id=term_id, moment=datetime.now(UTC))


@router.get("/members/me/expertise")
def read_own_expertise(db: Db, member: Member) -> ExpertiseRead:
    """What the caller knows and looks for."""
    with db.reader() as session:
        return service.of_person(session, contact_id=member.contact_id or "", viewer=member)


@router.put("/members/me/expertise")
def declare_expertise(db: Db, member: Member, wanted: ExpertiseUpdate) -> ExpertiseRead:
    """Say what one knows, how well, where it can be seen, and what one looks for."""
    with db.unit_of_work() as session:
        contact_id = member.contact_id or ""
        service.declare(session, contact_id=contact_id, wanted=wanted, moment=datetime.now(UTC))
        return service.of_person(session, contact_id=contact_id, viewer=member)


@router.get("/members/{contact_id}/expertise")
def read_expertise(db: Db, viewer: Caller, contact_id: Id) -> ExpertiseRead:
    """What a person knows and looks for."""
    with db.reader() as session:
        return service.of_person(session, contact_id=contact_id, viewer=viewer)


@router.put("/members/{contact_id}/expertise/{term_id}/endorsement", status_code=204)
def endorse_expertise(db: Db, member: Member, contact_id: Id, term_id: TermPath) -> None:
    """Confirm what another member knows."""
    with db.unit_of_work() as session:
        service.endorse(
            session,
            contact_id=contact_id,
            term_id=term_id,
            endorser=member,
            moment=datetime.now(UTC),
        )


@router.delete("/members/{contact_id}/expertise/{term_id}/endorsement", status_code=204)
def withdraw_endorsement(db: Db, member: Member, contact_id: Id, term_id: TermPath) -> None:
    """Take a confirmation back."""
    with db.unit_of_work() as session:
        service.withdraw(session, contact_id=contact_id, term_id=term_id, endorser=member)
