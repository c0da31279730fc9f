"""HTTP to the agenda's service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query

from services.kit.app import Db
from services.kit.fields import Id, OptionalLine
from services.kit.identity import Caller, Member
from services.kit.routes import Router
from services.scheduling.agenda import service
from services.scheduling.agenda.schemas import (
    AgendaEntry,
    SessionCreate,
    SessionFound,
    SessionRead,
    SessionsImported,
    SessionsTaken,
    SessionUpdate,
)

router = Router(tags=["agenda"])

Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.get("/sessions")
def find_sessions(
    db: Db,
    viewer: Caller,
    q: OptionalLine = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[SessionFound]:
    """Sessions of all agendas with these words, the latest first."""
    with db.reader() as session:
        return [
            SessionFound(
                **AgendaEntry.model_validate(item).model_dump(),
                gathering_slug=gathering.slug,
                gathering_title=gathering.title,
                time_zone=gathering.time_zone,
            )
            for item, gathering in service.found(session, viewer=viewer, query=q, limit=limit)
        ]


@router.get("/gatherings/{reference}/sessions")
def list_sessions(db: Db, viewer: Caller, reference: Reference) -> list[AgendaEntry]:
    """The agenda of a gathering, by its id or slug."""
    with db.reader() as session:
        agenda = service.of_gathering(session, reference=reference, viewer=viewer)
        return [AgendaEntry.model_validate(item) for item in agenda]


@router.get("/gatherings/{reference}/sessions/{slug}")
def read_session(db: Db, viewer: Caller, reference: Reference, slug: Reference) -> SessionRead:
    """One session of a gathering, by its slug or id."""
    with db.reader() as session:
        return SessionRead.model_validate(
            service.one(session, reference=reference, slug=slug, viewer=viewer)
        )


@router.post("/gatherings/{id}/sessions", status_code=201)
def create_session(db: Db, caller: Member, id: Id, order: SessionCreate) -> SessionRead:
    """Add a session."""
    with db.unit_of_work() as session:
        made = service.create(
            session, gathering_id=id, order=order, caller=caller, moment=datetime.now(UTC)
        )
        return SessionRead.model_validate(made)


@router.post("/gatherings/{id}/sessions/import")
def import_sessions(
    db: Db, caller: Member, id: Id, order: SessionsImported, dry_run: bool = False
) -> SessionsTaken:
    """Bring sessions in from elsewhere, each once by its UID; all of them or none."""
    with db.unit_of_work() as session:
        taken = service.take_in(
            session,
            gathering_id=id,
            orders=order.sessions,
            caller=caller,
            moment=datetime.now(UTC),
        )
        if dry_run:
            session.rollback()
        return taken


@router.patch("/gatherings/{id}/sessions/{session_id}")
def update_session(
    db: Db, caller: Member, id: Id, session_id: Id, change: SessionUpdate
) -> SessionRead:
    """Change a session."""
    with db.unit_of_work() as session:
        changed = service.update(
            session,
            gathering_id=id,
            id=session_id,
            change=change,
            caller=caller,
            moment=datetime.now(UTC),
        )
        return SessionRead.model_validate(changed)


@router.delete("/gatherings/{id}/sessions/{session_id}", status_code=204)
def remove_session(db: Db, caller: Member, id: Id, session_id: Id) -> None:
    """Take a session out."""
    with db.unit_of_work() as session:
        service.remove(session, gathering_id=id, id=session_id, caller=caller)
