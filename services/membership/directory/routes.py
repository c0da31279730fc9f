"""HTTP to the directory's service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Caller, Identity, needs
from services.kit.routes import Router
from services.membership.directory import service
from services.membership.directory.index import Index
from services.membership.directory.schemas import (
    Asked,
    AskedPage,
    ExportTaken,
    OrganisationsFound,
    PeopleFound,
    PersonRead,
)

router = Router(prefix="/directory", tags=["directory"])


async def index_of(request: Request) -> Index:
    """FastAPI dependency: the directory as this process has it in memory."""
    index: Index = request.app.state.directory
    return index


IndexOf = Annotated[Index, Depends(index_of)]
Administrator = Annotated[Identity, Depends(needs("hub"))]


@router.get("/people")
def list_people(
    db: Db, index: IndexOf, viewer: Caller, asked: Annotated[AskedPage, Query()]
) -> PeopleFound:
    """Members the viewer may see, by name, with exact counts of every other choice."""
    with db.reader() as session:
        return service.people(session, index, viewer=viewer, asked=asked)


@router.get("/people/{contact_id}")
def read_person(db: Db, viewer: Caller, contact_id: Id) -> PersonRead:
    """One member whom the viewer may see."""
    with db.reader() as session:
        return service.person(session, viewer=viewer, id=contact_id)


@router.get("/organisations")
def list_found_organisations(
    db: Db, index: IndexOf, viewer: Caller, asked: Annotated[AskedPage, Query()]
) -> OrganisationsFound:
    """Organisations by name, with exact counts of every other choice."""
    with db.reader() as session:
        return service.organisations(session, index, viewer=viewer, asked=asked)


@router.post("/exports", status_code=201)
def take_away(db: Db, index: IndexOf, viewer: Administrator, asked: Asked) -> ExportTaken:
    """Write down that an administrator takes what the directory lists away."""
    with db.unit_of_work() as session:
        return service.take_away(
            session, index, viewer=viewer, asked=asked, moment=datetime.now(UTC)
        )
