"""Seats, questions and requests of an event, for its organiser."""

import asyncio
import re

from fastapi import APIRouter, Request, Response

from hub.choices import choices
from hub.clients import HUB, AdmissionRead, Clients
from hub.forms import Form, Posted
from hub.pages.asked import fields_of, spoken_answer
from hub.pages.asking import ClientsOf, IdPath, SlugPath
from hub.regions import region_name
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.views.flashes import FLASHES
from hub.views.registering import AnswersOf, SeatsPage, Wish
from hub.words import QUESTIONS, SIDES
from services.kit.errors import Forbidden, HubError
from services.kit.language import _

SEATS = ("capacity", "capacity_online", "capacity_onsite")
QUESTION = ("kind", "label", "help", "required", "options")
_SEATS = re.compile(r"[0-9]{1,6}")
router = APIRouter(prefix="/organise/{slug}")


@router.get("/registration")
async def registration(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """What is set, asked and wished for."""
    return await _page(request, clients, person, slug, None)


@router.post("/registration/seats")
async def set_seats(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """How many seats there are, of each kind; who waits gets what is added."""
    reserved = [f"reserved-{side}" for side in SIDES]
    form.only(*SEATS, *reserved)
    gathering = await clients.scheduling.gathering(slug, person.identity)
    now = await clients.scheduling.admission(gathering.id, person.identity)
    errors = {
        name: _("Enter the number of seats as digits, or leave it empty.")
        for name in (*SEATS, *reserved)
        if form.text(name).strip() and not _SEATS.fullmatch(form.text(name).strip())
    }
    if errors:
        failed = form.with_errors(**errors)
        return await _page(request, clients, person, slug, failed, status=422)
    order = now.model_dump(mode="json", exclude={"pools"})
    order.update(
        {name: int(form.text(name)) if form.text(name).strip() else None for name in SEATS}
    )
    # Kept for a region: set by programs only, and not lost by this form.
    kept = [each for each in order["reserved"] if each["by"] == "region"]
    order["reserved"] = kept + [
        {"by": "side", "value": side, "seats": int(form.text(f"reserved-{side}"))}
        for side in SIDES
        if form.text(f"reserved-{side}").strip()
    ]
    try:
        await clients.scheduling.set_admission(gathering.id, order, person.identity)
    except HubError as problem:
        if problem.status not in (409, 422):
            raise
        failed = form.failed(problem, SEATS, {"reserved": "capacity"})
        return await _page(request, clients, person, slug, failed, status=problem.status)
    return _back(request, slug, "seats-set")


@router.post("/registration/questions")
async def ask(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Ask something of those who register."""
    form.only(*QUESTION)
    gathering = await clients.scheduling.gathering(slug, person.identity)
    options = [line.strip() for line in form.text("options").splitlines() if line.strip()]
    order = {
        **form.order("kind", "label", "help"),
        "required": form.ticked("required"),
        "options": options,
    }
    try:
        await clients.scheduling.ask(gathering.id, order, person.identity)
    except HubError as problem:
        if problem.status not in (409, 422):
            raise
        failed = form.failed(problem, QUESTION)
        return await _page(request, clients, person, slug, failed, status=problem.status)
    return _back(request, slug, "question-asked")


@router.post("/registration/questions/{id}/withdraw")
async def withdraw(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, id: IdPath
) -> Response:
    """Ask it no more."""
    await clients.scheduling.withdraw_question(id, person.identity)
    return _back(request, slug, "question-withdrawn")


@router.post("/registration/requests/{id}")
async def decide(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    slug: SlugPath,
    id: IdPath,
    form: Posted,
) -> Response:
    """Give a seat to somebody who asked for it, or not."""
    form.only("decision")
    if form.text("decision") not in ("yes", "no"):
        raise Forbidden("Nothing was changed: choose yes or no.")
    await clients.scheduling.decide(id, person.identity, approved=form.text("decision") == "yes")
    return _back(request, slug, "request-decided")


async def _page(
    request: Request,
    clients: Clients,
    person: Person,
    slug: str,
    form: Form | None,
    *,
    status: int = 200,
) -> Response:
    gathering = await clients.scheduling.gathering(slug, person.identity, attendees=True)
    admission, asked, answers = await asyncio.gather(
        clients.scheduling.admission(gathering.id, person.identity),
        clients.scheduling.questions(gathering.id, person.identity),
        clients.scheduling.answers(gathering.id, person.identity),
    )
    who = {each.id: each.contact_id for each in gathering.attendees or ()}
    people = await clients.membership.contacts(list(who.values()), HUB) if who else {}
    label = {question.id: question.label for question in asked}
    view = SeatsPage(
        slug=gathering.slug,
        title=gathering.title,
        hybrid=gathering.mode == "hybrid",
        kinds=_kinds(admission),
        sides=choices(SIDES),
        wishes=[
            Wish(each.id, people[each.contact_id].name, people[each.contact_id].email or "")
            for each in gathering.attendees or ()
            if each.status == "requested" and each.contact_id in people
        ],
        questions=fields_of(asked),
        question_kinds=choices(QUESTIONS),
        answers=[
            AnswersOf(
                name=people[who[each.registration_id]].name,
                answers=[
                    (label[id], spoken_answer(value))
                    for id, value in each.answers.items()
                    if id in label
                ],
                access_needs=each.access_needs,
            )
            for each in answers
            if who.get(each.registration_id) in people
        ],
        form=form or Form(_set_now(admission)),
    )
    return await page(request, view, status=status)


def _set_now(admission: AdmissionRead) -> dict[str, list[str]]:
    values = {name: [str(getattr(admission, name) or "")] for name in SEATS}
    for each in admission.reserved:
        values[f"reserved-{each.value}"] = [str(each.seats)]
    return values


def _kinds(admission: AdmissionRead) -> list[tuple[str, int, str]]:
    places = {"online": _("Online"), "onsite": _("In person"), "": _("Seats")}
    found = []
    for pool in admission.pools:
        name = places[pool.attending]
        if pool.reserved_by == "side":
            name = f"{name}: {SIDES[pool.reserved_for]}"
        elif pool.reserved_by == "region":
            name = f"{name}: {region_name(pool.reserved_for)}"
        limit = str(pool.capacity) if pool.capacity is not None else _("no limit")
        found.append((name, pool.taken, limit))
    return found


def _back(request: Request, slug: str, flash: str) -> Response:
    return redirect(request, f"/organise/{slug}/registration", FLASHES[flash])
