"""Who is invited to an event that is not for everybody; seen by its organiser alone."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from hub.clients import HUB, Clients, GatheringRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, IdPath, SlugPath
from hub.pages.event_forms import looked_after
from hub.pages.named import contacts_named
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.views.flashes import FLASHES
from hub.views.invited import Invited, InvitedPage
from services.kit.errors import HubError

router = APIRouter()


@router.get("/organise/{slug}/invited")
async def invited(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """Who is invited, and the form that invites more."""
    gathering = await looked_after(clients, person, slug)
    return await _page(request, clients, person, gathering, Form())


@router.post("/organise/{slug}/invited")
async def invite(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Invite people, members by name and everybody by e-mail address."""
    form.only("people")
    gathering = await looked_after(clients, person, slug)
    ids, complaint = await contacts_named(
        clients, person, form.words("people"), time_zone=gathering.time_zone
    )
    status, failed = 422, form.with_errors(people=complaint)
    if not complaint:
        try:
            await clients.scheduling.invite_to_gathering(gathering.id, ids, person.identity)
        except HubError as problem:
            if problem.status not in (409, 422):
                raise
            status, failed = problem.status, form.failed(problem, ("people",))
        else:
            return redirect(request, f"/organise/{slug}/invited", FLASHES["event-invited"])
    return await _page(request, clients, person, gathering, failed, status=status)


@router.post("/organise/{slug}/invited/{id}/remove")
async def take_back(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, id: IdPath
) -> Response:
    """Take an invitation back."""
    gathering = await looked_after(clients, person, slug)
    await clients.scheduling.take_invitation_back(gathering.id, id, person.identity)
    return redirect(request, f"/organise/{slug}/invited", FLASHES["uninvited"])


async def _page(
    request: Request,
    clients: Clients,
    person: Person,
    gathering: GatheringRead,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    found = await clients.scheduling.invited(gathering.id, person.identity)
    ids = [one.contact_id for one in found]
    people = await clients.membership.contacts(ids, HUB) if ids else {}
    # Who was found by name is shown by it; the address of a member is nobody's to read.
    seen = await clients.membership.contacts(ids, person.identity) if ids else {}
    view = InvitedPage(
        slug=gathering.slug,
        title=gathering.title,
        people=[
            Invited(id, people[id].name if id in seen else people[id].email or people[id].name)
            for id in ids
            if id in people
        ],
        may_invite=gathering.status == "published" and gathering.finishes_at > datetime.now(UTC),
        form=form,
    )
    return await page(request, view, status=status)
