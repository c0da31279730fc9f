"""Organisations: companies, labs, hospitals, universities, authorities, associations."""

from fastapi import APIRouter, Request, Response

from hub.lists import SHOWN, PageNumber, Words, paged, skipped
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import organisation_card
from hub.rendering import page
from hub.sessions import Visitor, identity_of
from hub.views.organisations import OrganisationPage, OrganisationsPage
from services.kit.markdown import render

router = APIRouter()


@router.get("/organisations")
async def organisations(
    request: Request,
    clients: ClientsOf,
    person: Visitor,
    q: Words = "",
    number: PageNumber = 1,
) -> Response:
    """Organisations by name."""
    found = await clients.membership.organisations(
        identity_of(person), q=q or None, limit=SHOWN + 1, offset=skipped(number)
    )
    shown, pager = paged(found, number, "/organisations", q=q)
    view = OrganisationsPage(
        organisations=[organisation_card(organisation) for organisation in shown],
        pager=pager,
        query=q,
    )
    return await page(request, view)


@router.get("/organisations/{reference}")
async def organisation(
    request: Request, clients: ClientsOf, person: Visitor, reference: SlugPath
) -> Response:
    """One organisation."""
    found = await clients.membership.organisation(reference, identity_of(person))
    view = OrganisationPage(card=organisation_card(found), description=render(found.description))
    return await page(request, view)
