"""Use cases about one person: what scheduling keeps of them, and forgetting it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from services.scheduling import projection
from services.scheduling.attendance import service as attendance
from services.scheduling.feedback import service as feedback
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.schemas import GatheringRead
from services.scheduling.invitations import service as invitations
from services.scheduling.models import Registration
from services.scheduling.people import service as people
from services.scheduling.polls import service as polls
from services.scheduling.questions import service as questions
from services.scheduling.registrations import forgetting as registrations

_NOT_OF_THEM = {"own", "attendees", "organiser_id", "co_organiser_ids", "host_ids", "version"}


def held(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """Registrations with what they were for, and gatherings the person organises."""
    registered = session.exec(
        select(Registration, Gathering)
        .join(Gathering)
        .where(Registration.contact_id == contact_id)
        .order_by(Registration.id)
    )
    organised = session.exec(
        select(Gathering).where(Gathering.organiser_id == contact_id).order_by(Gathering.id)
    )
    return {
        "registrations": [
            {
                **registration.model_dump(mode="json", exclude={"version", "contact_id"}),
                "answers": questions.worded(session.connection(), registration.id),
                "came": attendance.came(session.connection(), registration.id),
                "gathering": {
                    "title": gathering.title,
                    "starts_at": gathering.starts_at.isoformat(),
                    "time_zone": gathering.time_zone,
                    "status": gathering.status,
                },
            }
            for registration, gathering in registered
        ],
        "gatherings": [
            {
                **GatheringRead.model_validate(gathering).model_dump(
                    mode="json", exclude=_NOT_OF_THEM
                ),
                "join_url": gathering.join_url,
            }
            for gathering in organised
        ],
        "parts_in_gatherings": people.of_person(session, contact_id),
        "invitations": invitations.of_person(session, contact_id),
        **polls.of_person(session, contact_id),
    }


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """Coming seats become free, past ones are counts, gatherings have nobody's name."""
    projection.forget(session, contact_id)
    feedback.forget(session, contact_id)
    polls.forget(session, contact_id)
    invitations.forget(session, contact_id)
    registrations.forget(session, contact_id, moment)
    gatherings.forget(session, contact_id)
