"""HTTP to the registrations' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Response

from services.kit.app import Db, answer
from services.kit.fields import Id
from services.kit.identity import Caller, HubItself, Member
from services.kit.routes import Router
from services.scheduling.registrations import by_date, reading, service
from services.scheduling.registrations.schemas import (
    DateOpen,
    RegistrationCreate,
    RegistrationDetails,
    RegistrationRead,
    RegistrationSecret,
    RegistrationUpdate,
)

router = Router(tags=["registrations"])

Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@router.post("/registrations", status_code=201, response_model=RegistrationRead)
def create_registration(db: Db, caller: Caller, order: RegistrationCreate) -> Response:
    """Take a seat, or a place in line when all are taken."""
    with db.transaction() as connection:
        read = service.register(connection, order=order, caller=caller, moment=datetime.now(UTC))
    return answer(read, status=201)


@router.get("/registrations/mine")
def list_own_registrations(db: Db, member: Member) -> list[RegistrationRead]:
    """All registrations of the caller."""
    with db.reader() as session:
        return reading.of_contact(session, member.contact_id or "")


@router.get("/registrations/{id}")
def read_registration(db: Db, caller: Member, id: Id) -> RegistrationDetails:
    """One registration of the caller, with answers and needs."""
    with db.reader() as session:
        return reading.details(session, id=id, caller=caller)


@router.patch("/registrations/{id}")
def change_registration(
    db: Db, caller: Member, id: Id, wanted: RegistrationUpdate
) -> RegistrationDetails:
    """Change answers, needs, or where one takes part."""
    with db.unit_of_work() as session:
        return service.change(
            session, id=id, caller=caller, wanted=wanted, moment=datetime.now(UTC)
        )


@router.post("/registrations/{id}/cancel")
def cancel_registration(db: Db, caller: Caller, id: Id) -> RegistrationRead:
    """Give up a seat or a place in line."""
    with db.unit_of_work() as session:
        return service.cancel(session, id=id, caller=caller, moment=datetime.now(UTC))


@router.post("/registrations/{id}/take-up")
def take_up_seat(db: Db, caller: Member, id: Id) -> RegistrationRead:
    """Take a seat that is offered."""
    with db.unit_of_work() as session:
        return service.take_up(session, id=id, caller=caller, moment=datetime.now(UTC))


@router.post("/registrations/{id}/approve")
def approve_registration(db: Db, caller: Member, id: Id) -> RegistrationRead:
    """Give a seat to somebody who asked for it; for the organiser."""
    with db.unit_of_work() as session:
        return service.decide(
            session, id=id, approved=True, caller=caller, moment=datetime.now(UTC)
        )


@router.post("/registrations/{id}/decline")
def decline_registration(db: Db, caller: Member, id: Id) -> RegistrationRead:
    """Give no seat to somebody who asked for it; for the organiser."""
    with db.unit_of_work() as session:
        return service.decide(
            session, id=id, approved=False, caller=caller, moment=datetime.now(UTC)
        )


@router.post("/registrations/{id}/link")
def mint_registration_link(db: Db, hub: HubItself, id: Id) -> RegistrationSecret:
    """A new secret for a mail about this registration; for the hub itself."""
    with db.unit_of_work() as session:
        return RegistrationSecret(
            secret=service.mint_link(session, id=id, moment=datetime.now(UTC))
        )


@router.get("/registrations/by-secret/{secret}")
def read_registration_by_secret(db: Db, secret: Secret) -> RegistrationDetails:
    """The registration a mail's link leads to."""
    with db.reader() as session:
        return reading.read_by_secret(session, secret=secret)


@router.patch("/registrations/by-secret/{secret}")
def change_registration_by_secret(
    db: Db, secret: Secret, wanted: RegistrationUpdate
) -> RegistrationDetails:
    """Change it by the link in a mail."""
    with db.unit_of_work() as session:
        id = reading.id_behind(session, secret)
        return service.change(session, id=id, caller=None, wanted=wanted, moment=datetime.now(UTC))


@router.post("/registrations/by-secret/{secret}/cancel")
def cancel_registration_by_secret(db: Db, secret: Secret) -> RegistrationRead:
    """Give up a seat by the link in a mail."""
    with db.unit_of_work() as session:
        id = reading.id_behind(session, secret)
        return service.cancel(session, id=id, caller=None, moment=datetime.now(UTC))


@router.post("/registrations/by-secret/{secret}/take-up")
def take_up_by_secret(db: Db, secret: Secret) -> RegistrationRead:
    """Confirm a seat that is held, or take one that is offered, by the link in a mail."""
    with db.unit_of_work() as session:
        id = reading.id_behind(session, secret)
        return service.take_up(session, id=id, caller=None, moment=datetime.now(UTC))


@router.get("/gatherings/{id}/registrations")
def list_registrations(db: Db, caller: Member, id: Id) -> list[RegistrationRead]:
    """Everybody registered; for the organiser."""
    with db.reader() as session:
        return reading.of_gathering(session, id, caller)


@router.get("/gatherings/{id}/dates")
def list_open_dates(db: Db, caller: Caller, id: Id) -> list[DateOpen]:
    """The dates to choose from, where people register for each; with the seats left."""
    with db.reader() as session:
        return by_date.open_dates(session, gathering_id=id, caller=caller, moment=datetime.now(UTC))
