"""Events for tests, short to write."""

from datetime import UTC, datetime

from events.catalogue.membership import ContactState
from events.catalogue.scheduling import RegistrationConfirmed, RegistrationState
from events.envelope import new_id


def confirmed(registration_id: str | None = None) -> RegistrationConfirmed:
    """A fact about a registration."""
    return RegistrationConfirmed(
        registration_id=registration_id or new_id(), gathering_id=new_id(), contact_id=new_id()
    )


def registration(id: str, version: int) -> RegistrationState:
    """A state of a registration; the gathering tells versions apart."""
    return RegistrationState(
        id=id,
        version=version,
        audience="contact:x",
        gathering_id=f"gathering-{version}",
        contact_id="x",
        status="confirmed",
        revised_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def contact(id: str, version: int) -> ContactState:
    """A state of a contact; the name tells versions apart."""
    return ContactState(
        id=id,
        version=version,
        audience=f"contact:{id}",
        status="member",
        name=f"Version {version}",
        email="ada@example.org",
    )
