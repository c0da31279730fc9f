"""Use cases of demo-cases: load, decide, save, tell."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from sqlalchemy import Text, cast
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from events import outbox
from events.catalogue.matchmaking import DemoCaseProposed, DemoCaseState, MatchesFound, Phase
from events.envelope import new_id
from services.kit.audience import PUBLIC, visible_to
from services.kit.errors import Forbidden, NotFound
from services.kit.fields import MOST_WORDS
from services.kit.forgetting import FORMER
from services.kit.identity import Identity
from services.kit.slugs import slug_of
from services.matchmaking.demo_cases.models import DemoCase
from services.matchmaking.demo_cases.schemas import DemoCaseCreate, DemoCaseRead
from services.matchmaking.matches import service as matches
from services.matchmaking.matches.rules import distinct

MOST_TOLD = 10
"""Members, and organisations, that a new demo-case is brought to."""


def propose(
    session: Session, *, order: DemoCaseCreate, proposer: Identity, moment: datetime
) -> DemoCase:
    """Save a new demo-case and tell of it, together with whom it fits at this moment."""
    if not proposer.contact_id:
        raise Forbidden("Only a person can propose a demo-case.")
    id = new_id()
    demo_case = DemoCase(
        **order.model_dump(exclude={"required_terms", "imported"}),
        id=id,
        version=1,
        audience=PUBLIC,
        slug=slug_of(order.title, id, otherwise="demo-case"),
        proposer_id=proposer.contact_id,
        required_terms=distinct(order.required_terms),
        proposed_at=moment,
    )
    session.add(demo_case)
    session.flush()
    members, organisations = matches.best(session, demo_case=demo_case, most=MOST_TOLD)
    outbox.add(
        session,
        state_of(demo_case),
        DemoCaseProposed(demo_case_id=id, proposer_id=proposer.contact_id, imported=order.imported),
        MatchesFound(
            demo_case_id=id,
            proposer_id=proposer.contact_id,
            contact_ids=tuple(match.id for match in members),
            organisation_ids=tuple(match.id for match in organisations),
            imported=order.imported,
        ),
    )
    return demo_case


def find(session: Session, *, reference: str, viewer: Identity) -> DemoCase:
    """By id or slug, if the viewer may see it; raises NotFound."""
    demo_case = session.exec(
        select(DemoCase).where(
            (col(DemoCase.id) == reference) | (col(DemoCase.slug) == reference),
            visible_to(col(DemoCase.audience), viewer.grants),
        )
    ).first()
    if demo_case is None:
        raise NotFound("This demo-case does not exist, or it is not public.")
    return demo_case


def listed(
    session: Session,
    *,
    viewer: Identity,
    phase: str | None = None,
    titles: Sequence[str] | None = None,
    query: str = "",
    per_phase: int | None = None,
    leads: Sequence[str] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[DemoCase]:
    """Demo-cases the viewer may see that have every word of the query, newest first."""
    wanted = select(DemoCase).where(visible_to(col(DemoCase.audience), viewer.grants))
    if phase:
        wanted = wanted.where(DemoCase.phase == phase)
    if titles is not None:
        wanted = wanted.where(col(DemoCase.title).in_(titles))
    if leads is not None:
        wanted = wanted.where(col(DemoCase.lead_organisation_id).in_(leads))
    for word in query.split()[:MOST_WORDS]:
        wanted = wanted.where(
            col(DemoCase.title).icontains(word, autoescape=True)
            | col(DemoCase.challenge).icontains(word, autoescape=True)
            | cast(DemoCase.required_terms, Text).icontains(word, autoescape=True)
        )
    newest = (col(DemoCase.proposed_at).desc(), col(DemoCase.id).desc())
    if per_phase:
        place = func.row_number().over(partition_by=col(DemoCase.phase), order_by=newest)
        ranked = wanted.with_only_columns(col(DemoCase.id), place.label("place")).subquery()
        wanted = wanted.join(ranked, ranked.c.id == DemoCase.id).where(ranked.c.place <= per_phase)
    wanted = wanted.order_by(*newest)
    return session.exec(wanted.limit(limit).offset(offset)).all()


def proposed_by(session: Session, contact_id: str) -> Sequence[DemoCase]:
    """Everything one person proposed, oldest first."""
    return session.exec(_by(contact_id)).all()


def forget(session: Session, contact_id: str) -> None:
    """What a person proposed is by a former member from now on."""
    for demo_case in session.exec(_by(contact_id).with_for_update()).all():
        demo_case.proposer_id = FORMER
        demo_case.version += 1
        session.add(demo_case)
        outbox.add(session, state_of(demo_case))
    session.flush()


def _by(contact_id: str) -> SelectOfScalar[DemoCase]:
    return select(DemoCase).where(DemoCase.proposer_id == contact_id).order_by(DemoCase.id)


def counted(session: Session, *, viewer: Identity) -> dict[str, int]:
    """How many demo-cases the viewer may see are in each phase."""
    rows = session.exec(
        select(DemoCase.phase, func.count())
        .where(visible_to(col(DemoCase.audience), viewer.grants))
        .group_by(col(DemoCase.phase))
    ).all()
    counts = dict(rows)
    return {phase: counts.get(phase, 0) for phase in get_args(Phase)}


def read(demo_case: DemoCase) -> DemoCaseRead:
    """The demo-case as its viewers see it."""
    return DemoCaseRead.model_validate(demo_case)


def state_of(demo_case: DemoCase) -> DemoCaseState:
    """The snapshot other services know."""
    return DemoCaseState.model_validate(demo_case, from_attributes=True)
