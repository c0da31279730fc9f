"""Agendas: what happens when and in which room, to read and, for organisers, to make."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from hub.choices import choices
from hub.clients import AgendaSessionRead, GatheringRead
from hub.forms import Form, Posted
from hub.lists import Words
from hub.pages.agenda_days import days, entry_of
from hub.pages.asking import ClientsOf, IdPath, SlugPath
from hub.pages.cards import today
from hub.pages.event_forms import looked_after, manages
from hub.rendering import page, redirect
from hub.sessions import SignedIn, Visitor, identity_of
from hub.views.agenda import AgendaPage, SessionFormPage, SessionPage
from hub.views.flashes import FLASHES
from hub.views.shell import Filter
from hub.words import LANGUAGES
from services.kit.errors import HubError
from services.kit.language import _
from services.kit.markdown import render
from services.kit.times import city, day_of

FIELDS = (
    "title", "kind", "starts_local", "ends_local", "room", "track", "language", "speakers",
    "abstract",
)  # fmt: skip
router = APIRouter()


@router.get("/events/{slug}/agenda")
async def agenda(
    request: Request,
    clients: ClientsOf,
    person: Visitor,
    slug: SlugPath,
    q: Words = "",
    room: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The whole agenda, or what is in one room or has some words."""
    who = identity_of(person)
    gathering = await clients.scheduling.gathering(slug, who)
    entries = await clients.scheduling.sessions(gathering.id, who)
    rooms = sorted({entry.room for entry in entries if entry.room})
    words = q.casefold().split()
    shown = [
        entry
        for entry in entries
        if room in ("", entry.room)
        and all(
            word in f"{entry.title} {entry.track} {' '.join(entry.speakers)}".casefold()
            for word in words
        )
    ]
    offered = [("", _("All rooms")), *((name, name) for name in rooms)] if len(rooms) > 1 else []
    view = AgendaPage(
        slug=gathering.slug,
        title=gathering.title,
        query=q.strip(),
        room=room,
        rooms=[
            Filter(_path(gathering.slug, name, q.strip()), label, name == room, None)
            for name, label in offered
        ],
        days=days(gathering, shown),
        any=bool(entries),
        place=city(gathering.time_zone),
        may_change=manages(gathering, person) and not gathering.rrule,
    )
    return await page(request, view)


@router.get("/events/{slug}/agenda/new")
async def new_session(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """The form of a new session."""
    gathering = await looked_after(clients, person, slug)
    return await page(request, _form_page(gathering, Form(), None))


@router.post("/events/{slug}/agenda/new")
async def add_session(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Put a session on the agenda."""
    form.only(*FIELDS)
    gathering = await looked_after(clients, person, slug)
    try:
        await clients.scheduling.add_session(gathering.id, _order(form), person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, FIELDS)
        return await page(request, _form_page(gathering, failed, None), status=422)
    return redirect(request, f"/events/{gathering.slug}/agenda", FLASHES["session-saved"])


@router.get("/events/{slug}/agenda/{id}")
async def session(
    request: Request, clients: ClientsOf, person: Visitor, slug: SlugPath, id: SlugPath
) -> Response:
    """One session."""
    who = identity_of(person)
    gathering = await clients.scheduling.gathering(slug, who)
    found = await clients.scheduling.session(gathering.id, id, who)
    view = SessionPage(
        slug=gathering.slug,
        event=gathering.title,
        entry=entry_of(gathering, found),
        day=day_of(found.starts_local, today()),
        place=city(gathering.time_zone),
        spoken=LANGUAGES.get(found.language, found.language),
        abstract=render(found.abstract),
        edit=f"/events/{gathering.slug}/agenda/{found.id}/edit"
        if manages(gathering, person)
        else "",
    )
    return await page(request, view)


@router.get("/events/{slug}/agenda/{id}/edit")
async def edit_session(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, id: IdPath
) -> Response:
    """The form of a session that is there."""
    gathering = await looked_after(clients, person, slug)
    found = await clients.scheduling.session(gathering.id, id, person.identity)
    values = {
        **{name: [str(getattr(found, name))] for name in FIELDS},
        "starts_local": [found.starts_local.isoformat(timespec="minutes")],
        "ends_local": [found.ends_local.isoformat(timespec="minutes")],
        "speakers": ["\n".join(found.speakers)],
    }
    return await page(request, _form_page(gathering, Form(values), found))


@router.post("/events/{slug}/agenda/{id}/edit")
async def change_session(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    slug: SlugPath,
    id: IdPath,
    form: Posted,
) -> Response:
    """Change a session."""
    form.only(*FIELDS)
    gathering = await looked_after(clients, person, slug)
    try:
        await clients.scheduling.update_session(gathering.id, id, _order(form), person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        found = await clients.scheduling.session(gathering.id, id, person.identity)
        failed = form.failed(problem, FIELDS)
        return await page(request, _form_page(gathering, failed, found), status=422)
    return redirect(request, f"/events/{gathering.slug}/agenda", FLASHES["session-saved"])


@router.post("/events/{slug}/agenda/{id}/remove")
async def remove_session(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    slug: SlugPath,
    id: IdPath,
    form: Posted,
) -> Response:
    """Take a session out."""
    form.only()
    gathering = await looked_after(clients, person, slug)
    await clients.scheduling.remove_session(gathering.id, id, person.identity)
    return redirect(request, f"/events/{gathering.slug}/agenda", FLASHES["session-removed"])


def _path(slug: str, room: str, query: str) -> str:
    asked = {name: value for name, value in (("q", query), ("room", room)) if value}
    return f"/events/{slug}/agenda{'?' if asked else ''}{urlencode(asked)}"


def _order(form: Form) -> dict[str, Any]:
    """What was typed; an emptied field is sent as empty."""
    plain = {name: form.text(name) for name in FIELDS if name not in ("speakers", "language")}
    return {
        **plain,
        **form.order("language"),
        "speakers": [line.strip() for line in form.text("speakers").splitlines() if line.strip()],
    }


def _form_page(
    gathering: GatheringRead, form: Form, known: AgendaSessionRead | None
) -> SessionFormPage:
    base = f"/events/{gathering.slug}/agenda"
    return SessionFormPage(
        form=form,
        slug=gathering.slug,
        event=gathering.title,
        action=f"{base}/{known.id}/edit" if known else f"{base}/new",
        remove=f"{base}/{known.id}/remove" if known else "",
        languages=choices(LANGUAGES),
        language=gathering.language,
        begins=gathering.starts_local.isoformat(timespec="minutes"),
        ends=gathering.ends_local.isoformat(timespec="minutes"),
        place=city(gathering.time_zone),
    )
