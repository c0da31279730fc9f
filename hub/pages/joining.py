"""Joining: the form, and the link that confirms it."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from hub.choices import Choice, choices, spoken_by
from hub.clients import Clients, CommunityRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, CommunityOf, even_time
from hub.pages.providers import vouched_for
from hub.regions import region_groups
from hub.rendering import GAP, page, redirect
from hub.sessions import Visitor, sessions_of
from hub.views.accounts import MailSentPage, UseLinkPage
from hub.views.flashes import FLASHES
from hub.views.joining import JoiningClosedPage, JoinPage
from hub.words import CONSENTS, I_AM, INTERESTS, SIDES
from hub.zones import zone_groups
from services.kit.errors import HubError
from services.kit.language import _

JOIN_FIELDS = (
    "name", "email", "helix_side", "region_code", "organisation_name", "language", "time_zone",
    "expertise_offered", "expertise_sought", "interests", "terms", *CONSENTS,
)  # fmt: skip
Secret = Annotated[str, Query(max_length=200)]
router = APIRouter()


@router.get("/join")
async def join_form(
    request: Request, clients: ClientsOf, community: CommunityOf, person: Visitor
) -> Response:
    """The form to become a member; a member is sent to their own page."""
    if person:
        return redirect(request, "/me")
    if not community.joining_open:
        return await page(request, JoiningClosedPage(community.controller_email))
    side = request.query_params.get("as", "")
    if "vouched" not in request.query_params:
        return await _join_page(request, clients, community, Form(), side)
    known = {name: [value] for name, value in vouched_for(request).items() if value}
    query = "/join?vouched=1&"
    response = await _join_page(request, clients, community, Form(known), side, query=query)
    # What a provider said of one person is nobody else's.
    request.state.keep = False
    return response


@router.get("/join/invited")
async def invited_form(
    request: Request, clients: ClientsOf, community: CommunityOf, secret: Secret = ""
) -> Response:
    """The same for whoever was invited, filled with what is known of them."""
    known = await clients.membership.invitation(secret)
    values = {
        "name": [known.name],
        "email": [known.email],
        "region_code": [known.region_code or ""],
        "organisation_name": [known.organisation_name],
        "expertise_offered": [", ".join(known.expertise_offered)],
        "expertise_sought": [", ".join(known.expertise_sought)],
        "language": [known.language],
        "time_zone": [known.time_zone],
    }
    side = request.query_params.get("as") or known.helix_side or ""
    response = await _join_page(request, clients, community, Form(values), side, invitation=secret)
    request.state.keep = False
    return response


@router.post("/join/invited")
async def accept_invitation(
    request: Request, clients: ClientsOf, community: CommunityOf, form: Posted
) -> Response:
    """Make the account of whoever was invited: only this counts as their consent."""
    form.only(*JOIN_FIELDS, "invitation")
    secret = form.text("invitation")
    missing = _missing(form)
    sessions = sessions_of(request)
    if not missing:
        order = {**_order(form), "invitation": secret}
        order.pop("email", None)
        try:
            session = await clients.membership.accept_invitation(order, sessions.entry(request))
        except HubError as problem:
            if problem.status != 422:
                raise
            failed = form.failed(problem, JOIN_FIELDS, {"consents": "terms"})
        else:
            response = redirect(request, "/me", FLASHES["welcome"])
            sessions.start(response, session)
            return response
    else:
        failed = form.with_errors(**missing)
    side = form.text("helix_side")
    return await _join_page(
        request, clients, community, failed, side, invitation=secret, status=422
    )


@router.post("/join")
async def join(
    request: Request,
    clients: ClientsOf,
    community: CommunityOf,
    form: Posted,
) -> Response:
    """Begin an account; whether the address is known is never said here."""
    form.only(*JOIN_FIELDS)
    missing = _missing(form)
    sessions = sessions_of(request)
    asking = sessions.new_asking(request)
    if not missing:
        try:
            # The page too: what follows on a join, such as a mail, is work that slows it down.
            async with even_time():
                await clients.membership.join({**_order(form), "asked_by": asking})
                response = await page(request, _mail_sent(), gap=form.text("email").strip())
        except HubError as problem:
            if problem.status != 422:
                raise
            failed = form.failed(problem, JOIN_FIELDS, {"consents": "terms"})
            return await _join_page(
                request, clients, community, failed, form.text("helix_side"), status=422
            )
        sessions.keep_asking(response, asking)
        return response
    failed = form.with_errors(**missing)
    return await _join_page(
        request, clients, community, failed, form.text("helix_side"), status=422
    )


@router.get("/confirm")
async def confirm_form(request: Request, secret: Secret = "") -> Response:
    """A button: mail programs open links by themselves, and must not use them up."""
    view = UseLinkPage(
        title=_("One more step"),
        text=_("Your address is right. Make your account active, and you are in."),
        action="/confirm",
        button=_("Activate my account"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/confirm")
async def confirm(request: Request, clients: ClientsOf, form: Posted) -> Response:
    """Use the confirmation link and sign in."""
    form.only("secret")
    sessions = sessions_of(request)
    session = await clients.membership.confirm(form.text("secret"), sessions.entry(request))
    response = redirect(request, "/me", FLASHES["welcome"])
    sessions.start(response, session)
    return response


def _mail_sent() -> MailSentPage:
    return MailSentPage(
        title=_("Please look into your mail"),
        text=_(
            "We have sent a message to {email}. "
            "Use the link in it within 24 hours to make your account active."
        ).format(email=GAP),
        next_step=_(
            "No mail after a few minutes? Look into the spam folder, or check that the "
            "address is right and join again."
        ),
    )


def _missing(form: Form) -> dict[str, str]:
    """What the page itself can say is not there, in its own words."""
    missing = {}
    if not form.text("name").strip():
        missing["name"] = _("Enter your name as others should see it.")
    if not form.text("email").strip():
        missing["email"] = _("Enter your e-mail address.")
    if form.text("helix_side") not in I_AM:
        missing["helix_side"] = _("Choose what fits you best.")
    if not form.text("region_code"):
        missing["region_code"] = _("Choose your town or region.")
    if not form.ticked("terms"):
        missing["terms"] = _("To become a member, please agree to the rules.")
    return missing


def _order(form: Form) -> dict[str, Any]:
    consents = [name for name in ("terms", *CONSENTS) if form.ticked(name)]
    return {
        **form.order("name", "email", "helix_side", "region_code", "organisation_name"),
        **form.order("language", "time_zone"),
        "expertise_offered": form.words("expertise_offered"),
        "expertise_sought": form.words("expertise_sought"),
        "interests": form.all("interests"),
        "consents": consents,
    }


async def _join_page(
    request: Request,
    clients: Clients,
    community: CommunityRead,
    form: Form,
    side: str,
    *,
    query: str = "/join?",
    invitation: str = "",
    status: int = 200,
) -> Response:
    asked = await clients.membership.consents_asked()
    view = JoinPage(
        form=form,
        side=side if side in I_AM else "",
        query=f"/join/invited?secret={quote(invitation)}&" if invitation else query,
        invitation=invitation,
        sides=[Choice(value, label) for value, label in SIDES.items()],
        regions=region_groups(),
        zones=zone_groups(),
        languages=spoken_by(community.languages),
        interests=choices(INTERESTS),
        consents=[Choice(text.purpose, text.title, text.words) for text in asked],
    )
    return await page(request, view, status=status)
