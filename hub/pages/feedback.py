"""How was it? Asked of those who had a seat, and shown to the organiser."""

from fastapi import APIRouter, Request, Response

from hub.choices import choices
from hub.clients import HUB, GatheringRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SecretPath, SlugPath
from hub.pages.cards import event_card
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, Visitor
from hub.views.flashes import FLASHES
from hub.views.running import FeedbackPage, FeedbackResultsPage, Said
from hub.words import RATINGS
from services.kit.errors import HubError
from services.kit.identity import ANYONE
from services.kit.language import _

FIELDS = ("rating", "text", "named")
router = APIRouter()


@router.get("/events/{slug}/feedback")
async def ask(request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath) -> Response:
    """The question, to a member."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    standing = await clients.scheduling.feedback_standing(gathering.id, person.identity)
    action = f"/events/{gathering.slug}/feedback" if standing.open else ""
    return await _page(request, gathering, person, action, given=standing.given)


@router.post("/events/{slug}/feedback")
async def give(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """The answer of a member."""
    form.only(*FIELDS)
    gathering = await clients.scheduling.gathering(slug, person.identity)
    action = f"/events/{gathering.slug}/feedback"
    try:
        order = _order(form)
        await clients.scheduling.give_feedback(gathering.id, order, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = _failed(form, problem)
        return await _page(request, gathering, person, action, form=failed, status=422)
    return redirect(request, action, FLASHES["feedback-given"])


@router.get("/registrations/{secret}/feedback")
async def ask_by_link(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath
) -> Response:
    """The question, by the link in a mail."""
    found = await clients.scheduling.by_secret(secret)
    gathering = await clients.scheduling.gathering(found.gathering_id, ANYONE)
    standing = await clients.scheduling.feedback_standing_by_secret(secret)
    action = f"/registrations/{secret}/feedback" if standing.open else ""
    return await _page(request, gathering, person, action, given=standing.given)


@router.post("/registrations/{secret}/feedback")
async def give_by_link(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath, form: Posted
) -> Response:
    """The answer by the link in a mail."""
    form.only(*FIELDS)
    found = await clients.scheduling.by_secret(secret)
    action = f"/registrations/{secret}/feedback"
    try:
        await clients.scheduling.give_feedback_by_secret(secret, _order(form))
    except HubError as problem:
        if problem.status != 422:
            raise
        gathering = await clients.scheduling.gathering(found.gathering_id, ANYONE)
        failed = _failed(form, problem)
        return await _page(request, gathering, person, action, form=failed, status=422)
    return redirect(request, action, FLASHES["feedback-given"])


@router.get("/organise/{slug}/feedback")
async def results(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """What all said, for the organiser."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    read = await clients.scheduling.feedback(gathering.id, person.identity)
    ids = [remark.contact_id for remark in read.remarks if remark.contact_id]
    people = await clients.membership.contacts(ids, HUB) if ids else {}
    view = FeedbackResultsPage(
        slug=gathering.slug,
        title=gathering.title,
        ratings=[(RATINGS[str(rating)], read.ratings[rating - 1]) for rating in range(5, 0, -1)],
        answered=sum(read.ratings),
        asked=read.asked,
        mean=f"{read.mean:.1f}" if read.mean is not None else "",
        remarks=[
            Said(
                rating=RATINGS[str(remark.rating)],
                text=remark.text,
                name=people[remark.contact_id].name if remark.contact_id in people else "",
            )
            for remark in read.remarks
        ],
    )
    return await page(request, view)


async def _page(
    request: Request,
    gathering: GatheringRead,
    person: Person | None,
    action: str,
    *,
    given: bool = False,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    view = FeedbackPage(
        event=event_card(gathering, person),
        action=action,
        given=given,
        ratings=choices(RATINGS),
        form=form or Form(),
    )
    return await page(request, view, status=status)


def _order(form: Form) -> dict[str, object]:
    return {
        **form.order("rating", "text"),
        "named": form.ticked("named"),
    }


def _failed(form: Form, problem: HubError) -> Form:
    failed = form.failed(problem, FIELDS)
    if not form.text("rating"):
        return failed.with_errors(rating=_("Please choose one."))
    return failed
