"""Dates of a series: one of them, or it and all later ones, is different or called off."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from hub.clients import Clients, OccurrenceRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import today
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.views.flashes import FLASHES
from hub.views.occurrences import DatePage, DateRow, DatesPage
from services.kit.errors import Forbidden, HubError, NotFound
from services.kit.times import clock, day_of

FIELDS = ("starts_local", "ends_local", "title", "location")
DateKey = Annotated[str, Path(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")]
router = APIRouter(prefix="/events/{slug}/dates")


@router.get("")
async def dates(request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath) -> Response:
    """All dates, those called off too."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    found = await clients.scheduling.occurrences(slug, person.identity)
    view = DatesPage(
        slug=gathering.slug, title=gathering.title, dates=[_row(date) for date in found]
    )
    return await page(request, view)


@router.get("/{date}")
async def date_form(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, date: DateKey
) -> Response:
    """One date, and what can be done about it."""
    return await _page(request, clients, person, slug, date, None)


@router.post("/{date}")
async def change_date(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    slug: SlugPath,
    date: DateKey,
    form: Posted,
) -> Response:
    """Move, rename or place it elsewhere; those registered are told."""
    form.only(*FIELDS, "following")
    gathering = await clients.scheduling.gathering(slug, person.identity)
    order = {
        "occurrence": date,
        **form.order("starts_local", "ends_local"),
        "title": form.text("title"),
        "location": form.text("location"),
        "following": form.ticked("following"),
    }
    try:
        await clients.scheduling.change_occurrence(gathering.id, order, person.identity)
    except HubError as problem:
        if problem.status not in (409, 422):
            raise
        failed = form.failed(problem, FIELDS)
        return await _page(request, clients, person, slug, date, failed, status=problem.status)
    return redirect(request, f"/events/{gathering.slug}/dates", FLASHES["date-changed"])


@router.post("/{date}/cancel")
async def cancel_date(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    slug: SlugPath,
    date: DateKey,
    form: Posted,
) -> Response:
    """Call it off, when the organiser has ticked that they mean it."""
    form.only("sure", "following")
    if not form.ticked("sure"):
        raise Forbidden("Nothing was changed: tick the box to say that the date is called off.")
    gathering = await clients.scheduling.gathering(slug, person.identity)
    order = {"occurrence": date, "following": form.ticked("following")}
    await clients.scheduling.cancel_occurrence(gathering.id, order, person.identity)
    return redirect(request, f"/events/{gathering.slug}/dates", FLASHES["date-cancelled"])


async def _page(
    request: Request,
    clients: Clients,
    person: Person,
    slug: str,
    key: str,
    form: Form | None,
    *,
    status: int = 200,
) -> Response:
    gathering = await clients.scheduling.gathering(slug, person.identity)
    found = await clients.scheduling.occurrences(slug, person.identity)
    date = next((date for date in found if date.occurrence.isoformat() == key), None)
    if date is None:
        raise NotFound("This event does not take place on that date.")
    now = {
        "starts_local": [date.starts_local.isoformat(timespec="minutes")],
        "ends_local": [date.ends_local.isoformat(timespec="minutes")],
        "title": [date.title],
        "location": [date.location],
    }
    view = DatePage(
        slug=gathering.slug,
        title=gathering.title,
        date=_row(date),
        place=gathering.location,
        form=form or Form(now),
    )
    return await page(request, view, status=status)


def _row(date: OccurrenceRead) -> DateRow:
    return DateRow(
        key=date.occurrence.isoformat(),
        when=f"{day_of(date.starts_local, today())}, {clock(date.starts_local)}",
        title=date.title,
        location=date.location,
        cancelled=date.cancelled,
        changed=date.changed,
        over=date.ends_at <= datetime.now(UTC),
    )
