"""The member's notices."""

from fastapi import APIRouter, Request, Response

from hub.forms import Posted
from hub.pages.asking import ClientsOf, IdPath, safe_next
from hub.pages.cards import today
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.unread import UnreadCounts
from hub.views.flashes import FLASHES
from hub.views.inbox import Bell, InboxPage, NoticeRow
from services.kit.times import moment_in

router = APIRouter()


@router.get("/inbox")
async def inbox(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """Notices, newest first."""
    notices = await clients.notification.notices(person.identity)
    rows = [
        NoticeRow(
            id=notice.id,
            title=notice.title,
            body=notice.body,
            path=notice.path or "",
            made=moment_in(notice.made_at, person.time_zone, today()),
            read=notice.read,
        )
        for notice in notices
    ]
    view = InboxPage(notices=rows, unread=sum(not row.read for row in rows))
    return await page(request, view)


@router.get("/inbox/bell")
async def bell(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """The number on the inbox, for pages that stay open."""
    return await page(request, Bell((await clients.notification.unread(person.identity)).count))


@router.post("/inbox/read-all")
async def read_all(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """Mark every notice as read."""
    await clients.notification.read_all(person.identity)
    _forget(request, person)
    return redirect(request, "/inbox", FLASHES["notices-read"])


@router.post("/inbox/{id}/open")
async def open_notice(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, form: Posted
) -> Response:
    """Mark a notice as read and go where it leads."""
    form.only("path")
    await clients.notification.read_notice(id, person.identity)
    _forget(request, person)
    return redirect(request, safe_next(form.text("path", "/inbox")))


def _forget(request: Request, person: Person) -> None:
    counts: UnreadCounts = request.app.state.unread
    counts.drop(person.contact_id)
