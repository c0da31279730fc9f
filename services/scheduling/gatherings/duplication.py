"""Use case: a draft that begins as another gathering is."""

from datetime import datetime

from sqlmodel import Session, col, select

from events import outbox
from events.envelope import new_id
from services.kit.audience import only
from services.kit.identity import Identity
from services.kit.slugs import slug_of
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.service import locked, state_of
from services.scheduling.people.models import GatheringPerson
from services.scheduling.questions.models import Question

_NOT_COPIED = {
    "id", "version", "audience", "slug", "status", "rdates", "exdates", "overrides", "taken",
    "organiser_id", "cover", "cover_small", "cover_alt", "recording_url", "opens_at", "closes_at",
    "pooled", "link_released", "materials", "source_uid", "sequence", "created_at", "revised_at",
}  # fmt: skip


def duplicate(session: Session, *, id: str, caller: Identity, moment: datetime) -> Gathering:
    """A draft of the caller with the same words, people and questions, and nobody registered.

    When registration opened and closed is not taken over, nor kinds of seats, nor dates of a
    series that were not as its rule says.
    """
    source = locked(session, id, caller)
    organiser_id = caller.contact_id or source.organiser_id
    fresh = new_id()
    copy = Gathering(
        **source.model_dump(exclude=_NOT_COPIED),
        id=fresh,
        version=1,
        audience=only(organiser_id),
        slug=slug_of(source.title, fresh, otherwise="event"),
        status="draft",
        organiser_id=organiser_id,
        created_at=moment,
        revised_at=moment,
    )
    copy.people = [
        GatheringPerson(gathering_id=fresh, **person.model_dump(exclude={"gathering_id"}))
        for person in source.people
        if (person.contact_id, person.role) != (organiser_id, "co-organiser")
    ]
    session.add(copy)
    session.flush()
    asked = select(Question).where(Question.gathering_id == id, col(Question.withdrawn).is_(False))
    for question in session.exec(asked.order_by(col(Question.place))).all():
        session.add(
            Question(
                **question.model_dump(exclude={"id", "gathering_id"}),
                id=new_id(),
                gathering_id=fresh,
            )
        )
    session.flush()
    outbox.add(session, state_of(copy))
    return copy
