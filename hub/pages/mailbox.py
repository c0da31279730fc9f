"""The mailbox of a development hub: every mail that would have been sent."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse, JSONResponse

from hub.guard import POLICY
from hub.limits import TooMany
from hub.pages.asking import ClientsOf, SettingsOf
from hub.pages.cards import today
from hub.rendering import page
from hub.views.inbox import MailboxPage, MailRow
from hub.views.information import HELP
from services.kit.errors import HubError, NotFound
from services.kit.times import moment_in

# A mail brings its own styles and no scripts; its links open outside of the frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


async def development(settings: SettingsOf) -> None:
    """Only a hub under development has such pages."""
    if not settings.development:
        raise NotFound("There is no page at this address.")


SHOWN = 100
"""Mails on the page; the JSON has more."""
router = APIRouter(prefix="/dev", dependencies=[Depends(development)])


@router.get("/mailbox")
async def mailbox(request: Request, clients: ClientsOf, settings: SettingsOf) -> Response:
    """All mails, newest first."""
    mails = await clients.notification.mailbox(SHOWN)
    rows = [
        MailRow(
            message_id=mail.message_id,
            to=mail.to,
            subject=mail.subject,
            text=mail.text,
            links=mail.links,
            made=moment_in(mail.made_at, settings.time_zone, today()),
            has_html=bool(mail.html),
        )
        for mail in mails
    ]
    response = await page(request, MailboxPage(mails=rows))
    response.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
    return response


@router.get("/errors/{status}")
async def error(status: int) -> Response:
    """The page of an error, to look at."""
    shown = HubError("This is what the page of an error looks like; nothing went wrong.")
    if status not in HELP:
        raise NotFound("There is no page for this error.")
    if status == TooMany.status:
        raise TooMany(wait=120)
    shown.status = status
    raise shown


@router.get("/mailbox.json")
async def mailbox_json(clients: ClientsOf) -> Response:
    """The same for programs."""
    mails: Any = jsonable_encoder(await clients.notification.mailbox())
    return JSONResponse(mails)


@router.get("/mailbox/mail")
async def mail(clients: ClientsOf, id: str) -> Response:
    """One mail as mail programs show it."""
    for found in await clients.notification.mailbox():
        if found.message_id == id:
            return HTMLResponse(found.html, headers={"content-security-policy": MAIL_POLICY})
    raise NotFound("There is no such mail.")
