"""The use case of the demonstration: taking its demo-cases away."""

from sqlmodel import Session, col, or_, select

from events import outbox
from events.catalogue.matchmaking import DemoCaseState
from services.matchmaking.demo_cases.models import DemoCase
from services.matchmaking.demo_cases.service import state_of
from services.matchmaking.made_up.schemas import MadeUp


def remove(session: Session, *, order: MadeUp) -> dict[str, int]:
    """Take away its demo-cases and all that its people proposed.

    A real demo-case that is led by an organisation of the demonstration has no lead then.
    """
    demo_cases = session.exec(
        select(DemoCase)
        .where(or_(col(DemoCase.made_up), col(DemoCase.proposer_id).in_(order.contact_ids)))
        .order_by(DemoCase.id)
        .with_for_update()
    ).all()
    for demo_case in demo_cases:
        outbox.bury(session, DemoCaseState, id=demo_case.id, version=demo_case.version + 1)
        session.delete(demo_case)
    session.flush()
    led = select(DemoCase).where(col(DemoCase.lead_organisation_id).in_(order.organisation_ids))
    for demo_case in session.exec(led.order_by(DemoCase.id).with_for_update()).all():
        demo_case.lead_organisation_id = None
        demo_case.version += 1
        session.add(demo_case)
        session.flush()
        outbox.add(session, state_of(demo_case))
    return {"demo-cases": len(demo_cases)}
