"""The members' directory."""

from fastapi import APIRouter, Request, Response

from hub.clients import MemberRead
from hub.lists import SHOWN, PageNumber, Words, paged, skipped
from hub.pages.asking import ClientsOf
from hub.regions import region_name
from hub.rendering import page
from hub.sessions import SignedIn
from hub.views.cards import PersonCard
from hub.views.members import MembersPage
from hub.words import SIDES

router = APIRouter()


@router.get("/members")
async def members(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    q: Words = "",
    number: PageNumber = 1,
) -> Response:
    """Members who want to be found, for members."""
    found = await clients.membership.members(
        person.identity, q=q or None, limit=SHOWN + 1, offset=skipped(number)
    )
    shown, pager = paged(found, number, "/members", q=q)
    view = MembersPage(people=[person_card(member) for member in shown], pager=pager, query=q)
    return await page(request, view)


def person_card(member: MemberRead) -> PersonCard:
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
    )
