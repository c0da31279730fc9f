"""Who comes and who came, for the organiser: the door, walk-ins, lists to take away."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.choices import Choice
from hub.clients import HUB, AttendanceRead, Clients, ContactRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import occurrence, today
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.tables import as_csv, as_xlsx
from hub.views.flashes import FLASHES
from hub.views.running import AttendancePage, Expected
from hub.words import ARRIVALS
from services.kit.errors import HubError, NotFound
from services.kit.language import _
from services.kit.times import moment_in

_ADDRESS = re.compile(r"[^\s<>\"',;:]+@[^\s<>\"',;:]+")
MOST_PASTED = 200_000
"""Characters of a video service's list; one of 5,000 people has that many."""
Date = Annotated[str, Query(alias="date", pattern=r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})?$")]
router = APIRouter(prefix="/organise/{slug}")


@router.get("/attendance")
async def attendance(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, date: Date = ""
) -> Response:
    """Everybody expected, and who is here."""
    return await _page(request, clients, person, slug, date, Form())


@router.post("/attendance")
async def check_in(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Write down that somebody is here, or take that back."""
    form.only("registration_id", "date", "undo")
    undo = form.ticked("undo")
    await clients.scheduling.check_in(
        form.text("registration_id"), person.identity, _moment(form.text("date")), undo=undo
    )
    return _back(request, slug, form.text("date"))


@router.post("/walk-ins")
async def walk_in(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Somebody at the door without a registration takes a seat that is left."""
    form.only("name", "email", "date")
    gathering = await clients.scheduling.gathering(slug, person.identity)
    date = form.text("date")
    try:
        # Asked first: whoever may not let people in makes no contacts either.
        await clients.scheduling.attendance(gathering.id, person.identity, _moment(date))
        guest = await clients.membership.guest(
            {**form.order("name", "email"), "time_zone": gathering.time_zone}
        )
        await clients.scheduling.walk_in(
            gathering.id, guest.contact_id, "door", person.identity, _moment(date)
        )
    except HubError as problem:
        if problem.status not in (409, 422):
            raise
        failed = form.failed(problem, ("name", "email"))
        return await _page(request, clients, person, slug, date, failed, status=problem.status)
    return _back(request, slug, date)


@router.post("/attendance/import")
async def take_over(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Write down who came from the list of the video service: the addresses in it are enough."""
    form.only("list", "date")
    date, pasted = form.text("date"), form.text("list")
    gathering = await clients.scheduling.gathering(slug, person.identity)
    read = await clients.scheduling.attendance(gathering.id, person.identity, _moment(date))
    people = await _people(clients, read)
    came = {address.lower().rstrip(".") for address in _ADDRESS.findall(pasted[:MOST_PASTED])}
    ids = [
        each.registration_id
        for each in read.people
        if (known := people.get(each.contact_id)) and (known.email or "").lower() in came
    ]
    if not came or len(pasted) > MOST_PASTED:
        wrong = (
            _("There is no e-mail address in this.")
            if not came
            else _("This is longer than {most} characters.").format(most=MOST_PASTED)
        )
        failed = form.with_errors(list=wrong)
        return await _page(request, clients, person, slug, date, failed, status=422)
    await clients.scheduling.take_over_attendance(gathering.id, ids, person.identity, _moment(date))
    return _back(request, slug, date)


@router.post("/direct-address")
async def direct_address(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Show the video service's own address to everybody with a seat, or hide it again."""
    form.only("released")
    gathering = await clients.scheduling.gathering(slug, person.identity)
    await clients.scheduling.release_address(
        gathering.id, person.identity, released=form.ticked("released")
    )
    return _back(request, slug, "")


@router.get("/attendance.csv")
async def attendance_csv(
    clients: ClientsOf, person: SignedIn, slug: SlugPath, date: Date = ""
) -> Response:
    """The list as CSV."""
    rows = await _rows(clients, person, slug, date)
    return _file(as_csv(rows), "text/csv; charset=utf-8", f"{slug}.csv")


@router.get("/attendance.xlsx")
async def attendance_xlsx(
    clients: ClientsOf, person: SignedIn, slug: SlugPath, date: Date = ""
) -> Response:
    """The list as a spreadsheet."""
    rows = await _rows(clients, person, slug, date)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(as_xlsx(rows), kind, f"{slug}.xlsx")


async def _page(
    request: Request,
    clients: Clients,
    person: Person,
    slug: str,
    date: str,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    gathering = await clients.scheduling.gathering(slug, person.identity)
    read = await clients.scheduling.attendance(gathering.id, person.identity, _moment(date))
    people = await _people(clients, read)
    view = AttendancePage(
        slug=gathering.slug,
        title=gathering.title,
        dates=[
            Choice(start.isoformat(), occurrence(gathering, start, person).text)
            for start in read.occurrences
        ],
        date=read.occurrence.isoformat() if read.occurrence else "",
        people=_expected(read, people, person),
        came=read.came,
        erased=read.erased,
        online=gathering.mode != "onsite",
        address=(await clients.scheduling.direct_address(gathering.id, person.identity)).url
        if read.link_released
        else "",
        form=form,
    )
    return await page(request, view, status=status)


async def _rows(clients: Clients, person: Person, slug: str, date: str) -> list[list[str]]:
    gathering = await clients.scheduling.gathering(slug, person.identity)
    read = await clients.scheduling.attendance(gathering.id, person.identity, _moment(date))
    people = await _people(clients, read)
    head = [_("Name"), _("E-mail address"), _("Came"), _("How")]
    return [
        head,
        *(
            [
                each.name,
                each.email,
                each.arrived,
                each.way,
            ]
            for each in _expected(read, people, person)
        ),
    ]


async def _people(clients: Clients, read: AttendanceRead) -> dict[str, ContactRead]:
    """Names and addresses of those whom scheduling has told this organiser of."""
    ids = [each.contact_id for each in read.people]
    return await clients.membership.contacts(ids, HUB) if ids else {}


def _expected(
    read: AttendanceRead, people: dict[str, ContactRead], person: Person
) -> Sequence[Expected]:
    rows = [
        Expected(
            registration_id=each.registration_id,
            name=people[each.contact_id].name,
            email=people[each.contact_id].email or "",
            arrived=moment_in(each.arrived_at, person.time_zone, today())
            if each.arrived_at
            else "",
            way=ARRIVALS[each.arrival] if each.arrival else "",
        )
        for each in read.people
        if each.contact_id in people
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def _moment(date: str) -> datetime | None:
    try:
        return datetime.fromisoformat(date) if date else None
    except ValueError as error:
        raise NotFound("This event has no such date.") from error


def _back(request: Request, slug: str, date: str) -> Response:
    path = f"/organise/{slug}/attendance"
    return redirect(request, f"{path}?date={date}" if date else path, FLASHES["attendance-noted"])


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content,
        media_type=kind,
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        },
    )
