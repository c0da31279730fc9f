"""Organisations: companies, labs, hospitals, universities, authorities, associations."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import organisation_card
from hub.rendering import page
from hub.sessions import Visitor, identity_of
from hub.views import OrganisationPage, OrganisationsPage
from services.kit.markdown import render

MOST_SHOWN = 60
router = APIRouter()


@router.get("/organisations")
async def organisations(
    request: Request,
    clients: ClientsOf,
    person: Visitor,
    q: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Organisations by name."""
    found = await clients.membership.organisations(
        identity_of(person), q=q or None, limit=MOST_SHOWN
    )
    view = OrganisationsPage(
        organisations=[organisation_card(organisation) for organisation in found],
        query=q,
        shown_most=len(found) == MOST_SHOWN,
    )
    return await page(request, "pages/organisations/list.html", view)


@router.get("/organisations/{reference}")
async def organisation(
    request: Request, clients: ClientsOf, person: Visitor, reference: SlugPath
) -> Response:
    """One organisation."""
    found = await clients.membership.organisation(reference, identity_of(person))
    view = OrganisationPage(card=organisation_card(found), description=render(found.description))
    return await page(request, "pages/organisations/show.html", view)
