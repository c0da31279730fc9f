"""What people do about an organisation: change it, speak for it, hand it over, decide on others."""

from collections.abc import Awaitable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from hub.choices import Choice, choices
from hub.clients import Clients, ColleagueRead, OrganisationFamily, OrganisationPeople
from hub.countries import country_choices
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, IdPath, SlugPath
from hub.pages.cards import today
from hub.regions import region_groups
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, sessions_of
from hub.views.flashes import FLASHES
from hub.views.organisations import (
    OpenAsk,
    OrganisationEditPage,
    OrganisationPeoplePage,
    OrganisationPerson,
)
from hub.words import REPRESENTATION, REPRESENTATION_WISHES, SIDES
from services.kit.errors import Forbidden, HubError
from services.kit.language import _
from services.kit.times import moment_in

FIELDS = (
    "name", "helix_side", "description", "region_code", "country", "website", "ror_id", "vat_id",
    "expertise",
)  # fmt: skip
_CLEARED = ("region_code", "country", "website", "ror_id", "vat_id")
SHOWN_AGAIN = (404, 409, 422)
"""Refusals that are said on the page itself."""
router = APIRouter(prefix="/organisations/{reference}")


@router.get("/edit")
async def edit(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath
) -> Response:
    """The form that changes an organisation, for those who speak for it."""
    found = await clients.membership.organisation(reference, person.identity)
    known = await clients.membership.organisation_form(found.id, person.identity)
    form = Form(
        {
            **{name: [str(getattr(known, name) or "")] for name in FIELDS},
            "expertise": [", ".join(known.own_expertise)],
        }
    )
    return await _edit_page(request, found, form)


@router.post("/edit")
async def save(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath, form: Posted
) -> Response:
    """Change what an organisation says of itself."""
    form.only(*FIELDS)
    found = await clients.membership.organisation(reference, person.identity)
    if not form.text("name").strip():
        await clients.membership.organisation_form(found.id, person.identity)
        failed = form.with_errors(name=_("Enter the name of the organisation."))
        return await _edit_page(request, found, failed, 422)
    change: dict[str, Any] = {
        "name": form.text("name"),
        "description": form.text("description"),
        "expertise": form.words("expertise"),
        **form.order("helix_side"),
        **{name: form.text(name).strip() or None for name in _CLEARED},
    }
    try:
        await clients.membership.change_organisation(found.id, change, person.identity)
    except HubError as problem:
        if problem.status not in SHOWN_AGAIN:
            raise
        return await _edit_page(request, found, form.failed(problem, FIELDS), problem.status)
    return redirect(request, f"/organisations/{found.slug}", FLASHES["organisation-saved"])


@router.post("/work-here")
async def work_here(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath, form: Posted
) -> Response:
    """Say in one's profile that one works there."""
    form.only()
    found = await clients.membership.organisation(reference, person.identity)
    await clients.membership.update_me({"organisation_id": found.id}, person.identity)
    sessions_of(request).drop(contact_id=person.contact_id)
    return redirect(request, f"/organisations/{found.slug}", FLASHES["works-here"])


@router.post("/ask")
async def ask(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath, form: Posted
) -> Response:
    """Ask to own an organisation or to speak for it."""
    form.only("role")
    found = await clients.membership.organisation(reference, person.identity)
    await clients.membership.ask_to_represent(found.id, form.text("role"), person.identity)
    return redirect(request, f"/organisations/{found.slug}", FLASHES["representation-asked"])


@router.post("/ask/withdraw")
async def ask_no_longer(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath, form: Posted
) -> Response:
    """Take that back."""
    form.only()
    found = await clients.membership.organisation(reference, person.identity)
    await clients.membership.ask_no_longer(found.id, person.identity)
    return redirect(request, f"/organisations/{found.slug}", FLASHES["ask-withdrawn"])


@router.post("/step-down")
async def step_down(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath, form: Posted
) -> Response:
    """Speak for an organisation no longer."""
    form.only()
    found = await clients.membership.organisation(reference, person.identity)
    await clients.membership.step_down(found.id, person.identity)
    return redirect(request, f"/organisations/{found.slug}", FLASHES["stepped-down"])


@router.get("/people")
async def people(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath
) -> Response:
    """Who is of an organisation and who asks to be, for those who decide."""
    found = await clients.membership.organisation(reference, person.identity)
    return await _people_page(request, clients, person, found, Form())


@router.post("/asks/{contact_id}")
async def decide(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    reference: SlugPath,
    contact_id: IdPath,
    form: Posted,
) -> Response:
    """Say yes or no to what someone asked."""
    form.only("decision")
    granted = form.text("decision") == "yes"
    found = await clients.membership.organisation(reference, person.identity)
    done = clients.membership.decide_ask(found.id, contact_id, granted, person.identity)
    flash = "representation-granted" if granted else "representation-declined"
    return await _done(request, clients, person, found, done, flash)


@router.post("/people/{contact_id}")
async def give(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    reference: SlugPath,
    contact_id: IdPath,
    form: Posted,
) -> Response:
    """Say what someone is for the organisation, or take them off."""
    form.only("role")
    role = form.text("role")
    found = await clients.membership.organisation(reference, person.identity)
    if role == "none":
        done = clients.membership.take_off(found.id, contact_id, person.identity)
        return await _done(request, clients, person, found, done, "person-removed")
    done = clients.membership.give_representation(found.id, contact_id, role, person.identity)
    return await _done(request, clients, person, found, done, "representation-changed")


@router.post("/hand-over")
async def hand_over(
    request: Request, clients: ClientsOf, person: SignedIn, reference: SlugPath, form: Posted
) -> Response:
    """Make someone else the owner in one's place."""
    form.only("contact_id")
    found = await clients.membership.organisation(reference, person.identity)
    heirs = (await clients.membership.organisation_people(found.id, person.identity)).people
    if form.text("contact_id") not in {heir.contact_id for heir in heirs}:
        failed = form.with_errors(contact_id=_("Please choose one of the people listed."))
        return await _people_page(request, clients, person, found, failed, 422)
    done = clients.membership.hand_over_organisation(
        found.id, form.text("contact_id"), person.identity
    )
    return await _done(request, clients, person, found, done, "handed-over")


async def _done(
    request: Request,
    clients: Clients,
    person: Person,
    found: OrganisationFamily,
    done: Awaitable[None],
    flash: str,
) -> Response:
    try:
        await done
    except HubError as problem:
        if problem.status not in SHOWN_AGAIN:
            raise
        failed = Form(summary=problem.detail)
        return await _people_page(request, clients, person, found, failed, problem.status)
    return redirect(request, f"/organisations/{found.slug}/people", FLASHES[flash])


async def _edit_page(
    request: Request, found: OrganisationFamily, form: Form, status: int = 200
) -> Response:
    view = OrganisationEditPage(
        slug=found.slug,
        name=found.name,
        verified=found.verified,
        form=form,
        sides=choices(SIDES),
        regions=region_groups(),
        countries=country_choices(),
    )
    return await page(request, view, status=status)


async def _people_page(
    request: Request,
    clients: Clients,
    person: Person,
    found: OrganisationFamily,
    form: Form,
    status: int = 200,
) -> Response:
    here = await clients.membership.organisation_people(found.id, person.identity)
    own = here.standing
    if not (own.may_decide or own.may_manage):
        raise Forbidden(_("Only its owners decide who speaks for this organisation."))
    view = OrganisationPeoplePage(
        slug=found.slug,
        name=found.name,
        domain_known=bool(found.website),
        people=organisation_people(
            here, manages=own.may_manage, decides=own.may_decide, own_id=person.contact_id
        ),
        more=here.more,
        asks=[
            OpenAsk(
                id=ask.contact_id,
                name=ask.name,
                wish=REPRESENTATION_WISHES[ask.role],
                asked=moment_in(ask.asked_at, person.time_zone, today()),
                works_here=ask.works_here,
                same_domain=ask.same_domain,
            )
            for ask in here.asks
        ],
        decides=own.may_decide,
        owner=own.role == "owner",
        last_owner=own.last_owner,
        heirs=[
            Choice(heir.contact_id, heir.name)
            for heir in here.people
            if heir.contact_id != person.contact_id
        ],
        form=form,
    )
    return await page(request, view, status=status)


def organisation_people(
    here: OrganisationPeople, *, manages: bool = False, decides: bool = False, own_id: str = ""
) -> Sequence[OrganisationPerson]:
    """People of an organisation as pages list them, with what each can be made."""
    return [
        OrganisationPerson(
            id=person.contact_id,
            name=person.name,
            side=person.helix_side or "",
            role=person.role,
            role_label=REPRESENTATION[person.role],
            choices=_others(person, decides) if manages and person.contact_id != own_id else (),
        )
        for person in here.people
    ]


def _others(person: ColleagueRead, decides: bool) -> list[Choice]:
    """What else somebody can be made; more than they are by those alone who decide that."""
    offered = {
        "owner": _("Make an owner"),
        "representative": _("Let speak for it"),
        "member": _("Only works here"),
        "none": _("Take off the organisation"),
    }
    roles = list(offered)
    first = 0 if decides else roles.index(person.role)
    return [Choice(role, offered[role]) for role in roles[first:] if role != person.role]
