"""Demo-cases, which pages call demonstration projects, and who fits them."""

from typing import Any

from fastapi import APIRouter, Request, Response

from hub.choices import Choice
from hub.clients import Clients, MatchRead, OrganisationRead
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, Words, filters, paged, skipped
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import project_card
from hub.regions import region_groups
from hub.rendering import page, redirect
from hub.sessions import Coordinator, Person, Visitor, identity_of
from hub.views.demo_cases import Match, ProjectFormPage, ProjectPage, ProjectsPage
from hub.views.flashes import FLASHES
from hub.words import STEPS
from services.kit.errors import HubError, NotFound
from services.kit.language import _
from services.kit.markdown import render

FIELDS = (
    "title", "challenge", "solution", "required_terms", "region_code", "lead_organisation_id",
    "link",
)  # fmt: skip
router = APIRouter()


@router.get("/demo-cases")
async def projects(
    request: Request,
    clients: ClientsOf,
    person: Visitor,
    step: Words = "",
    number: PageNumber = 1,
) -> Response:
    """Demonstration projects, newest first."""
    who = identity_of(person)
    step = step if step in STEPS else ""
    found = await clients.matchmaking.listing(
        who, phase=step or None, limit=SHOWN + 1, offset=skipped(number)
    )
    shown, pager = paged(found.demo_cases, number, "/demo-cases", step=step)
    view = ProjectsPage(
        projects=[project_card(project) for project in shown],
        filters=filters("/demo-cases", "step", step, {"": _("All steps"), **STEPS}, found.counts),
        pager=pager,
        step=step,
        may_propose=bool(person and person.has("coordinator")),
    )
    return await page(request, view)


@router.get("/demo-cases/new")
async def new_project(request: Request, clients: ClientsOf, person: Coordinator) -> Response:
    """The form that proposes a demonstration project."""
    return await _form_page(request, clients, person, Form())


@router.post("/demo-cases/new")
async def propose_project(
    request: Request, clients: ClientsOf, person: Coordinator, form: Posted
) -> Response:
    """Propose a demonstration project; who fits is found at once."""
    form.only(*FIELDS)
    order: dict[str, Any] = form.order(*(name for name in FIELDS if name != "required_terms"))
    order["required_terms"] = form.words("required_terms")
    errors = {}
    if not form.text("title").strip():
        errors["title"] = _("Enter what the project is called.")
    if not order["required_terms"]:
        errors["required_terms"] = _("Enter at least one kind of expertise that is needed.")
    if errors:
        return await _form_page(request, clients, person, form.with_errors(**errors), status=422)
    try:
        project = await clients.matchmaking.create(order, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, FIELDS)
        return await _form_page(request, clients, person, failed, status=422)
    return redirect(request, f"/demo-cases/{project.slug}", FLASHES["project-proposed"])


@router.get("/demo-cases/{slug}")
async def project(
    request: Request, clients: ClientsOf, person: Visitor, slug: SlugPath
) -> Response:
    """One demonstration project; members see who fits it."""
    overview = await clients.matchmaking.overview(slug, identity_of(person))
    found, matches = overview.demo_case, overview.matches
    lead = await _lead(clients, person, found.lead_organisation_id)
    view = ProjectPage(
        card=project_card(found),
        step=found.phase,
        challenge=render(found.challenge),
        solution=render(found.solution),
        link=found.link or "",
        lead=lead.name if lead else "",
        lead_path=f"/organisations/{lead.slug}" if lead else "",
        matches=None if matches is None else [_match(match) for match in matches],
    )
    return await page(request, view)


def _match(match: MatchRead) -> Match:
    organisation = match.kind == "organisation"
    return Match(
        name=match.name,
        path=f"/organisations/{match.id}" if organisation else "",
        kind=_("Organisation") if organisation else _("Person"),
        percent=round(match.score * 100),
        reason=match.reason,
        covers=match.covers,
        missing=match.missing,
    )


async def _lead(clients: Clients, person: Person | None, id: str | None) -> OrganisationRead | None:
    if id is None:
        return None
    try:
        return await clients.membership.organisation(id, identity_of(person))
    except HubError as problem:
        if problem.status == NotFound.status:
            return None
        raise


async def _form_page(
    request: Request, clients: Clients, person: Person, form: Form, *, status: int = 200
) -> Response:
    organisations = await clients.membership.organisations(person.identity, limit=200)
    view = ProjectFormPage(
        form=form,
        regions=region_groups(),
        organisations=[Choice(found.id, found.name) for found in organisations],
    )
    return await page(request, view, status=status)
