"""People: the directory, a page for each, and the list that administrators take away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from hub.clients import Clients, PersonBrief, PersonRead
from hub.facets import Asked, AskedFor, asked_of, chips_of, facets_of
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, skipped
from hub.pages.asking import ClientsOf, IdPath
from hub.pages.expertise import claims_of
from hub.regions import region_name
from hub.rendering import page, redirect
from hub.sessions import Coordinator, Person, SignedIn, Visitor, identity_of, sessions_of
from hub.tables import BOM, line
from hub.views.cards import PersonCard
from hub.views.flashes import FLASHES
from hub.views.people import InvitePage, PeoplePage, PersonPage
from hub.words import LANGUAGES, SIDES
from services.kit.errors import Forbidden, HubError
from services.kit.language import _, spoken

PATH = "/people"
AT_ONCE = 500
"""Entries of a list that is taken away that are asked for at once."""
FIELDS = ("q", "side", "partnership", "region", "term", "seeks", "organisation")
router = APIRouter()


@router.get("/members")
async def members(request: Request) -> Response:
    """Where people were listed before."""
    query = request.url.query
    return RedirectResponse(f"{PATH}?{query}" if query else PATH, status_code=301)


@router.get("/people")
async def people(
    request: Request,
    clients: ClientsOf,
    visitor: Visitor,
    asked: AskedFor,
    number: PageNumber = 1,
) -> Response:
    """People who want to be found, by whoever looks."""
    who = identity_of(visitor)
    found = await clients.membership.people(who, asked.query(), limit=SHOWN, offset=skipped(number))
    organisation = ""
    if asked.organisation:
        organisation = (await clients.membership.organisation(asked.organisation, who)).name
    view = PeoplePage(
        people=[person_card(member) for member in found.people],
        total=found.total,
        facets=facets_of(asked, found.facets),
        chips=chips_of(asked, found.facets, PATH, organisation),
        hidden=[("organisation", asked.organisation)] if asked.organisation else [],
        pager=asked.pager(PATH, number=number, total=found.total),
        query=asked.q,
        asked=list(asked.pairs()),
        signed_in=visitor is not None,
        can_take_away=visitor is not None and visitor.has("admin"),
    )
    return await page(request, view)


@router.get("/people/invite")
async def invite_form(request: Request, person: Coordinator) -> Response:
    """A form to ask somebody to join."""
    return await page(request, InvitePage(form=Form()))


@router.post("/people/invite")
async def invite(
    request: Request, clients: ClientsOf, person: Coordinator, form: Posted
) -> Response:
    """Ask somebody to join; what follows comes by mail."""
    form.only("name", "email")
    order = {"name": form.text("name"), "email": form.text("email"), "language": spoken()}
    try:
        await clients.membership.invite(order, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("name", "email"))
        return await page(request, InvitePage(form=failed), status=422)
    return redirect(request, "/people/invite", FLASHES["invited"])


@router.get("/people/{id}")
async def person(request: Request, clients: ClientsOf, visitor: Visitor, id: IdPath) -> Response:
    """One person who wants to be found."""
    who = identity_of(visitor)
    found, known = await asyncio.gather(
        clients.membership.person(id, who), clients.membership.expertise(id, who)
    )
    view = PersonPage(
        id=found.id,
        card=person_card(found),
        claims=claims_of(known),
        language=LANGUAGES.get(found.language, found.language),
        own=visitor is not None and visitor.contact_id == found.id,
        organiser="organiser" in found.roles,
        can_make_organiser=_can_make_organiser(visitor, found),
    )
    return await page(request, view)


@router.post("/people/{id}/organiser")
async def make_organiser(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """Make somebody an organiser; coordinators do so in their own region."""
    await clients.membership.grant_role(id, {"role": "organiser"}, person.identity)
    sessions_of(request).drop(contact_id=id)
    return redirect(request, f"{PATH}/{id}", FLASHES["role-granted"])


@router.post("/people/{id}/organiser/withdraw")
async def withdraw_organiser(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """Take the role of an organiser away."""
    await clients.membership.withdraw_role(id, {"role": "organiser"}, person.identity)
    sessions_of(request).drop(contact_id=id)
    return redirect(request, f"{PATH}/{id}", FLASHES["role-withdrawn"])


def _can_make_organiser(visitor: Person | None, found: PersonRead) -> bool:
    """Whether it is worth offering; membership decides."""
    if visitor is None:
        return False
    place = found.region_code or ""
    return visitor.has("admin") or any(place.startswith(code) for code in visitor.regions)


@router.post("/people/export")
async def take_away(clients: ClientsOf, person: SignedIn, form: Posted) -> Response:
    """The list as administrators take it away; that they did is written down."""
    form.only(*FIELDS)
    if not person.has("admin"):
        raise Forbidden(_("Only administrators can take the directory away."))
    asked = await _asked(form)
    await clients.membership.take_away(asked.query(), person.identity)
    name = f"people-{datetime.now(UTC):%Y-%m-%d}.csv"
    return StreamingResponse(
        _lines(clients, person, asked),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _asked(form: Form) -> Asked:
    several = {name: tuple(form.all(name)) for name in FIELDS[1:-1]}
    return await asked_of(form.text("q"), **several, organisation=form.text("organisation"))


async def _lines(clients: Clients, person: Person, asked: Asked) -> AsyncIterator[str]:
    """The list line by line, asked for in parts; nothing that the directory does not show."""
    yield BOM + line(
        [
            _("Name"), _("Side"), _("Organisation"), _("Region code"), _("Region"),
            _("Knows about"), _("Looks for"),
        ]
    )  # fmt: skip
    offset = 0
    while True:
        found = await clients.membership.people(
            person.identity, asked.query(), limit=AT_ONCE, offset=offset
        )
        for member in found.people:
            yield line(_cells(member))
        offset += AT_ONCE
        if offset >= found.total:
            return


def _cells(member: PersonBrief) -> list[str]:
    return [
        member.name,
        SIDES.get(member.helix_side or "", ""),
        member.organisation.name if member.organisation else "",
        member.region_code or "",
        region_name(member.region_code),
        "; ".join(member.expertise_offered),
        "; ".join(member.expertise_sought),
    ]


def person_card(member: PersonBrief) -> PersonCard:
    """A member in one look."""
    side = member.helix_side or ""
    organisation = member.organisation
    return PersonCard(
        name=member.name,
        side=side,
        side_label=SIDES.get(side, ""),
        region=region_name(member.region_code),
        organisation=organisation.name if organisation else "",
        organisation_path=f"/organisations/{organisation.slug}" if organisation else "",
        offered=member.expertise_offered,
        sought=member.expertise_sought,
        path=f"{PATH}/{member.id}",
        made_up=member.made_up,
    )
