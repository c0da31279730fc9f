"""Where a member is signed in, and ending that from afar."""

from fastapi import APIRouter, Request, Response

from hub.clients import SessionBrief
from hub.devices import device_words
from hub.pages.asking import ClientsOf, IdPath
from hub.pages.cards import today
from hub.pages.ways import own_ways
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, sessions_of
from hub.views.flashes import FLASHES
from hub.views.security import SecurityPage, SessionRow
from services.kit.times import day_of, moment_in

router = APIRouter()


@router.get("/me/security")
async def security(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """Every browser in which the member is signed in."""
    sessions = await clients.membership.own_sessions(person.identity)
    ways = await own_ways(request, clients, person)
    rows = [_row(session, person) for session in sessions]
    # This browser first: what else there is stands below it.
    rows.sort(key=lambda row: not row.here)
    return await page(request, SecurityPage(sessions=rows, ways=ways))


@router.post("/me/security/sessions/{id}/end")
async def end_session(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """End one session, wherever it is."""
    await clients.membership.end_session(id, person.identity)
    sessions_of(request).drop(id)
    return redirect(request, "/me/security", FLASHES["session-ended"])


@router.post("/me/security/end-others")
async def end_others(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """End every session but the one that asks."""
    await clients.membership.end_other_sessions(person.session_id, person.identity)
    sessions_of(request).drop(contact_id=person.contact_id)
    return redirect(request, "/me/security", FLASHES["sessions-ended"])


def _row(session: SessionBrief, person: Person) -> SessionRow:
    return SessionRow(
        id=session.id,
        device=device_words(session.browser, session.system),
        started=moment_in(session.started_at, person.time_zone, today()),
        used=day_of(session.used_on, today()),
        here=session.id == person.session_id,
    )
