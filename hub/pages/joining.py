"""Joining: the form, and the link that confirms it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from hub.choices import Choice, spoken_by
from hub.clients import CommunityRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, CommunityOf, SettingsOf, even_time
from hub.pages.providers import vouched_for
from hub.regions import region_groups
from hub.rendering import page, redirect
from hub.sessions import Visitor, sessions_of
from hub.settings import Settings
from hub.views.accounts import MailSentPage, UseLinkPage
from hub.views.flashes import FLASHES
from hub.views.joining import JoiningClosedPage, JoinPage
from hub.words import CONSENTS, I_AM
from hub.zones import zone_groups
from services.kit.errors import HubError
from services.kit.language import _

JOIN_FIELDS = (
    "name", "email", "helix_side", "region_code", "organisation_name", "language", "time_zone",
    "expertise_offered", "expertise_sought", "terms", *CONSENTS,
)  # fmt: skip
Secret = Annotated[str, Query(max_length=200)]
router = APIRouter()


@router.get("/join")
async def join_form(
    request: Request, settings: SettingsOf, community: CommunityOf, person: Visitor
) -> Response:
    """The form to become a member; a member is sent to their own page."""
    if person:
        return redirect(request, "/me")
    if not community.joining_open:
        return await page(request, JoiningClosedPage(community.controller_email))
    if "vouched" not in request.query_params:
        return await _join_page(request, settings, community, Form())
    known = {name: [value] for name, value in vouched_for(request).items() if value}
    response = await _join_page(request, settings, community, Form(values=known))
    # What a provider said of one person is nobody else's.
    request.state.keep = False
    return response


@router.post("/join")
async def join(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
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
            async with even_time():
                await clients.membership.join({**_order(form), "asked_by": asking})
        except HubError as problem:
            if problem.status != 422:
                raise
            failed = form.failed(problem, JOIN_FIELDS, {"consents": "terms"})
            return await _join_page(request, settings, community, failed, status=422)
        view = MailSentPage(
            title=_("Please look into your mail"),
            text=_(
                "We have sent a message to {email}. "
                "Use the link in it within 24 hours to make your account active."
            ).format(email=form.text("email").strip()),
            next_step=_(
                "No mail after a few minutes? Look into the spam folder, or check that the "
                "address is right and join again."
            ),
        )
        response = await page(request, view)
        sessions.keep_asking(response, asking)
        return response
    failed = form.with_errors(**missing)
    return await _join_page(request, settings, community, failed, status=422)


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
        "consents": consents,
    }


async def _join_page(
    request: Request, settings: Settings, community: CommunityRead, form: Form, *, status: int = 200
) -> Response:
    view = JoinPage(
        form=form,
        sides=[Choice(value, label) for value, label in I_AM.items()],
        regions=region_groups(),
        zones=zone_groups(),
        zone=settings.time_zone,
        languages=spoken_by(community.languages),
    )
    return await page(request, view, status=status)
