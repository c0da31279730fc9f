"""Organisations as moderators look at them: to be verified, and likely doubles."""

from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Request, Response

from hub.clients import Clients, Likeness, OrganisationRead, Unverified
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, address, skipped
from hub.pages.asking import ClientsOf, IdPath
from hub.pages.cards import organisation_card, today
from hub.pages.moderation import Moderator
from hub.regions import region_name
from hub.rendering import page, redirect
from hub.sessions import Person
from hub.views.flashes import FLASHES
from hub.views.organisations import OrganisationReviewPage, Pair, PairSide, UnverifiedRow
from hub.views.shell import Pager
from services.kit.errors import HubError
from services.kit.language import _
from services.kit.times import moment_in

PATH = "/moderation/organisations"
router = APIRouter(prefix=PATH)


@router.get("")
async def review(
    request: Request, clients: ClientsOf, person: Moderator, number: PageNumber = 1
) -> Response:
    """Organisations that nobody verified, and pairs that may be one."""
    return await _review_page(request, clients, person, Form(), number=number)


@router.post("/{id}/verify")
async def verify(
    request: Request, clients: ClientsOf, person: Moderator, id: IdPath, form: Posted
) -> Response:
    """Note that an organisation is what it says, or take that back."""
    form.only("verified")
    verified = form.text("verified") == "yes"
    done = clients.membership.verify_organisation(id, verified, person.identity)
    flash = "organisation-verified" if verified else "organisation-doubted"
    return await _done(request, clients, person, done, flash)


@router.post("/merge")
async def merge(request: Request, clients: ClientsOf, person: Moderator, form: Posted) -> Response:
    """Make one of a pair, or keep them apart; `keep` is the id of the one that stays."""
    form.only("first_id", "second_id", "keep")
    first, second, keep = (form.text(name) for name in ("first_id", "second_id", "keep"))
    if keep == "both":
        done: Awaitable[Any] = clients.membership.keep_apart(first, second, person.identity)
        return await _done(request, clients, person, done, "organisations-apart")
    if keep not in (first, second) or not (first and second):
        failed = Form(summary=_("Please say which of the two stays."))
        return await _review_page(request, clients, person, failed, status=422)
    gone = second if keep == first else first
    if not set(gone) <= set("0123456789abcdef-"):
        failed = Form(summary=_("This organisation is not known."))
        return await _review_page(request, clients, person, failed, status=422)
    done = clients.membership.merge_organisations(gone, keep, person.identity)
    return await _done(request, clients, person, done, "organisations-merged")


async def _done(
    request: Request, clients: Clients, person: Person, done: Awaitable[Any], flash: str
) -> Response:
    try:
        await done
    except HubError as problem:
        if problem.status not in (404, 409, 422):
            raise
        failed = Form(summary=problem.detail)
        return await _review_page(request, clients, person, failed, status=problem.status)
    return redirect(request, PATH, FLASHES[flash])


async def _review_page(
    request: Request,
    clients: Clients,
    person: Person,
    form: Form,
    *,
    number: int = 1,
    status: int = 200,
) -> Response:
    found = await clients.membership.review_organisations(
        person.identity, limit=SHOWN, offset=skipped(number)
    )
    following = address(PATH, page=str(number + 1)) if found.more else ""
    before = address(PATH, page=str(number - 1) if number > 2 else "") if number > 1 else ""
    view = OrganisationReviewPage(
        unverified=[_row(one, person) for one in found.unverified],
        pager=Pager(number, before, following),
        pairs=[_pair(likeness) for likeness in found.duplicates] if number == 1 else [],
        form=form,
    )
    return await page(request, view, status=status)


def _row(found: Unverified, person: Person) -> UnverifiedRow:
    return UnverifiedRow(
        card=organisation_card(found),
        id=found.id,
        since=moment_in(found.created_at, person.time_zone, today()),
        people=found.people,
        owned=found.owned,
    )


def _pair(likeness: Likeness) -> Pair:
    """The verified one comes first, else the one that was there before: it should stay."""
    first, second = sorted(
        (likeness.first, likeness.second), key=lambda one: (not one.verified, one.id)
    )
    return Pair(_side(first), _side(second), likeness.same_domain)


def _side(found: OrganisationRead) -> PairSide:
    return PairSide(
        id=found.id,
        slug=found.slug,
        name=found.name,
        region=region_name(found.region_code or found.country),
        website=found.website or "",
        verified=found.verified,
    )
