"""Organisations: companies, labs, hospitals, universities, authorities, associations."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from hub.choices import Choice
from hub.clients import Standing
from hub.facets import AskedFor, chips_of, facets_of
from hub.forms import Form
from hub.lists import SHOWN, PageNumber, skipped
from hub.pages.asking import ClientsOf, SlugPath, or_none
from hub.pages.cards import organisation_card, project_card, today
from hub.pages.representatives import organisation_people
from hub.rendering import page
from hub.sessions import Visitor, identity_of
from hub.views.organisations import OrganisationPage, OrganisationsPage, OwnPart
from hub.words import REPRESENTATION, REPRESENTATION_WISHES
from services.kit.language import _
from services.kit.markdown import render
from services.kit.times import day_of

MOST_PROJECTS = 12
"""Projects that are shown with the organisation that leads them."""
router = APIRouter()


@router.get("/organisations")
async def organisations(
    request: Request,
    clients: ClientsOf,
    person: Visitor,
    asked: AskedFor,
    number: PageNumber = 1,
) -> Response:
    """Organisations by name, and by what they know, their side and their place."""
    found = await clients.membership.organisations_found(
        identity_of(person), asked.query(), limit=SHOWN, offset=skipped(number)
    )
    view = OrganisationsPage(
        organisations=[organisation_card(organisation) for organisation in found.organisations],
        total=found.total,
        facets=facets_of(asked, found.facets),
        chips=chips_of(asked, found.facets, "/organisations"),
        pager=asked.pager("/organisations", number=number, total=found.total),
        query=asked.q,
    )
    return await page(request, view)


@router.get("/organisations/{reference}")
async def organisation(
    request: Request, clients: ClientsOf, person: Visitor, reference: SlugPath
) -> Response:
    """One organisation; addresses of one that was merged into it lead here."""
    who = identity_of(person)
    found = await clients.membership.organisation(reference, who)
    if found.slug != reference:
        return RedirectResponse(f"/organisations/{found.slug}", status_code=301)
    here, led = await asyncio.gather(
        clients.membership.organisation_people(found.id, who),
        or_none(
            clients.matchmaking.demo_cases(
                who, leads=[found.id, *found.former_ids], limit=MOST_PROJECTS
            )
        ),
    )
    view = OrganisationPage(
        card=organisation_card(found),
        description=render(found.description),
        website=found.website or "",
        website_shown=(found.website or "").partition("://")[2].removeprefix("www.").rstrip("/"),
        ror_id=found.ror_id or "",
        vat_id=found.vat_id or "",
        verified=day_of(found.verified_at.date(), today()) if found.verified_at else "",
        people=organisation_people(here),
        more=here.more,
        owned=here.owned,
        own=_own_part(here.standing) if person else None,
        asks=len(here.asks),
        projects=[project_card(project) for project in led or ()],
        form=Form(),
    )
    return await page(request, view)


def _own_part(standing: Standing) -> OwnPart:
    """What the reader is for the organisation, and can ask for."""
    wishes = {
        "representative": _("Let me speak for it: change this page"),
        "owner": _("Let me look after it: also decide who else speaks for it"),
    }
    held = standing.role or ""
    if standing.removed:
        wishes = {"member": _("List me as working here again")}
    elif held:
        wishes = {
            role: label
            for role, label in wishes.items()
            if held == "member" or (held, role) == ("representative", "owner")
        }
    return OwnPart(
        role=held,
        label=REPRESENTATION.get(held, ""),
        asked=REPRESENTATION_WISHES.get(standing.asked or "", ""),
        removed=standing.removed,
        may_edit=standing.may_edit,
        may_manage=standing.may_manage or standing.may_decide,
        last_owner=standing.last_owner,
        choices=[Choice(role, label) for role, label in wishes.items()],
    )
