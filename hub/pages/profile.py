"""One's own profile: correcting it, who sees it, another address, consents."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from hub.choices import choices, spoken_by
from hub.clients import CommunityRead, MemberProfile
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, CommunityOf, even_time
from hub.pages.cards import today
from hub.regions import region_groups
from hub.rendering import page, redirect
from hub.sessions import Fresh, SignedIn, sessions_of
from hub.views.accounts import MailSentPage, UseLinkPage
from hub.views.flashes import FLASHES
from hub.views.profile import ConsentRow, ConsentsPage, ProfilePage
from hub.words import I_AM, INTERESTS, VISIBILITIES
from hub.zones import zone_groups
from services.kit.errors import HubError, Invalid
from services.kit.language import _
from services.kit.times import moment_in

FIELDS = (
    "name", "helix_side", "region_code", "organisation_name", "language", "time_zone",
    "expertise_offered", "expertise_sought", "interests", "visibility",
)  # fmt: skip
Secret = Annotated[str, Query(max_length=200)]
router = APIRouter()


@router.get("/me/profile")
async def show_profile(
    request: Request, clients: ClientsOf, community: CommunityOf, person: SignedIn
) -> Response:
    """The profile as a form."""
    profile = await clients.membership.me(person.identity)
    return await _page(request, community, profile)


@router.post("/me/profile")
async def save_profile(
    request: Request, clients: ClientsOf, community: CommunityOf, person: SignedIn, form: Posted
) -> Response:
    """Correct the profile."""
    form.only(*FIELDS)
    failed = None
    if not form.text("name").strip():
        failed = form.with_errors(name=_("Enter your name as others should see it."))
    else:
        try:
            await clients.membership.update_me(_change(form), person.identity)
        except HubError as problem:
            if problem.status != 422:
                raise
            failed = form.failed(problem, FIELDS)
    if failed:
        profile = await clients.membership.me(person.identity)
        return await _page(request, community, profile, form=failed, status=422)
    sessions_of(request).drop(contact_id=person.contact_id)
    return redirect(request, "/me/profile", FLASHES["profile-saved"])


@router.post("/me/profile/still-right")
async def still_right(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """Say that the profile still holds."""
    await clients.membership.still_right(person.identity)
    return redirect(request, "/me/profile", FLASHES["profile-holds"])


@router.post("/me/address")
async def ask_address(
    request: Request, clients: ClientsOf, community: CommunityOf, person: Fresh, form: Posted
) -> Response:
    """Ask to move to another address; whose it is now is never said here."""
    form.only("email")
    try:
        async with even_time():
            await clients.membership.ask_address(form.text("email"), person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        profile = await clients.membership.me(person.identity)
        failed = form.failed(problem, ("email",))
        return await _page(request, community, profile, address=failed, status=422)
    view = MailSentPage(
        title=_("Please look into your mail"),
        text=_(
            "We have sent a message to {email}. Use the link in it within 24 hours; until then "
            "your address stays as it is."
        ).format(email=form.text("email").strip()),
        next_step=_("Your present address gets a message once it is changed."),
    )
    return await page(request, view)


@router.get("/address")
async def address_form(request: Request, secret: Secret = "") -> Response:
    """A button: mail programs open links by themselves, and must not use them up."""
    view = UseLinkPage(
        title=_("Your new e-mail address"),
        text=_("From now on you sign in with this address, and mails come here."),
        action="/address",
        button=_("Use this address"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/address")
async def confirm_address(request: Request, clients: ClientsOf, form: Posted) -> Response:
    """Use the link that went to the new address."""
    form.only("secret")
    await clients.membership.confirm_address(form.text("secret"))
    return redirect(request, "/", FLASHES["address-changed"])


@router.get("/address/back")
async def address_back_form(request: Request, secret: Secret = "") -> Response:
    """A button, for the same reason."""
    view = UseLinkPage(
        title=_("Take your address back"),
        text=_("Your account gets this address again, and everybody is signed out."),
        action="/address/back",
        button=_("Take it back"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/address/back")
async def take_address_back(request: Request, clients: ClientsOf, form: Posted) -> Response:
    """Use the link that went to the address from before."""
    form.only("secret")
    await clients.membership.take_address_back(form.text("secret"))
    sessions_of(request).drop_all()
    return redirect(request, "/sign-in", FLASHES["address-back"])


@router.get("/still-right")
async def still_right_form(request: Request, secret: Secret = "") -> Response:
    """A button, for the same reason."""
    view = UseLinkPage(
        title=_("Is your profile still right?"),
        text=_("One click, and it stays as it is for another year. You need not sign in."),
        action="/still-right",
        button=_("Yes, it is still right"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/still-right")
async def still_right_by_link(request: Request, clients: ClientsOf, form: Posted) -> Response:
    """Use the link of the yearly mail."""
    form.only("secret")
    await clients.membership.still_right_by_link(form.text("secret"))
    return redirect(request, "/", FLASHES["profile-holds"])


@router.get("/me/consents")
async def show_consents(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """What the member agrees to, with every answer they gave."""
    asked = await clients.membership.consents_asked()
    answers = await clients.membership.own_consents(person.identity)
    rows = []
    for text in asked:
        given = [answer for answer in answers if answer.purpose == text.purpose]
        rows.append(
            ConsentRow(
                purpose=text.purpose,
                title=text.title,
                words=text.words,
                given=bool(given) and given[0].given,
                renewed=bool(given) and given[0].given and not given[0].current,
                history=[
                    (_("{day}: agreed to version {version}") if one.given
                     else _("{day}: taken back, version {version}")).format(
                        day=moment_in(one.recorded_at, person.time_zone, today()),
                        version=one.text_version,
                    )
                    for one in given
                ],
            )
        )  # fmt: skip
    return await page(request, ConsentsPage(rows=rows))


@router.post("/me/consents")
async def answer_consent(
    request: Request, clients: ClientsOf, person: SignedIn, form: Posted
) -> Response:
    """Give or take back one consent; who takes back the rules is shown the way out."""
    form.only("purpose", "given")
    given = form.text("given")
    if given not in ("yes", "no"):
        raise Invalid(_("Please say yes or no."))
    if form.text("purpose") == "terms" and given == "no":
        return redirect(request, "/me/leave")
    await clients.membership.answer_consent(form.text("purpose"), given == "yes", person.identity)
    # Whether they are still to be asked is known with the session.
    sessions_of(request).drop(contact_id=person.contact_id)
    return redirect(request, "/me/consents", FLASHES["consents-saved"])


def _change(form: Form) -> dict[str, Any]:
    change: dict[str, Any] = {
        **form.order("name", "helix_side", "region_code", "language", "time_zone", "visibility"),
        "expertise_offered": form.words("expertise_offered"),
        "expertise_sought": form.words("expertise_sought"),
    }
    if form.text("helix_side") == "citizen":
        change["interests"] = form.all("interests")
    if organisation := form.text("organisation_name").strip():
        change["organisation_name"] = organisation
    else:
        change["organisation_id"] = None
    return change


async def _page(
    request: Request,
    community: CommunityRead,
    profile: MemberProfile,
    *,
    form: Form | None = None,
    address: Form | None = None,
    status: int = 200,
) -> Response:
    view = ProfilePage(
        form=form or _filled(profile),
        address=address or Form(),
        email=profile.email,
        citizen=profile.helix_side == "citizen",
        hidden=profile.hidden_for_age,
        sides=choices(I_AM),
        regions=region_groups(),
        zones=zone_groups(),
        languages=spoken_by({*community.languages, profile.language}),
        interests=choices(INTERESTS),
        visibilities=choices(VISIBILITIES),
    )
    return await page(request, view, status=status)


def _filled(profile: MemberProfile) -> Form:
    """The profile as the form shows it."""
    return Form(
        {
            "name": [profile.name],
            "helix_side": [profile.helix_side or ""],
            "region_code": [profile.region_code or ""],
            "organisation_name": [profile.organisation.name if profile.organisation else ""],
            "language": [profile.language],
            "time_zone": [profile.time_zone],
            "expertise_offered": [", ".join(profile.expertise_offered)],
            "expertise_sought": [", ".join(profile.expertise_sought)],
            "interests": list(profile.interests),
            "visibility": [profile.visibility],
        }
    )
