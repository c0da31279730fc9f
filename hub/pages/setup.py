"""The first page of a new hub, and what its administrators change later."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.choices import spoken_by
from hub.clients import CommunityRead
from hub.community import CommunityCache
from hub.first_run import SetupCode, demonstration_offered, start_demonstration
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SettingsOf
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, Visitor, sessions_of
from hub.settings import Settings
from hub.views.flashes import FLASHES
from hub.views.setup import SettingsPage, SetupCodePage, SetupPage
from services.kit.errors import Forbidden, Gone, HubError
from services.kit.fields import zone_names
from services.kit.language import LANGUAGES, _, spoken

TEXTS = ("name", "controller", "controller_email", "imprint", "funding")
COMMUNITY_FIELDS = (*TEXTS, "languages", "joining_open")
SETUP_FIELDS = (
    *COMMUNITY_FIELDS, "admin_name", "email", "time_zone", "demonstration", "code",
)  # fmt: skip
Code = Annotated[str, Query(max_length=200)]
router = APIRouter()


async def setup_code(request: Request) -> SetupCode:
    """FastAPI dependency: what the owner of a new hub must know."""
    code: SetupCode = request.app.state.setup_code
    return code


async def admin(person: SignedIn) -> Person:
    """FastAPI dependency: someone who looks after the hub."""
    if not person.has("admin"):
        raise Forbidden(_("Only administrators of the hub can change its settings."))
    return person


CodeOf = Annotated[SetupCode, Depends(setup_code)]
Admin = Annotated[Person, Depends(admin)]


async def setup_needed(request: Request) -> bool:
    """Whether nobody looks after this hub yet."""
    return not (await _cache(request).now()).set_up


@router.get("/setup")
async def setup_form(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    held: CodeOf,
    person: Visitor,
    code: Code = "",
) -> Response:
    """The form that sets a new hub up, for those who have its code."""
    if (await clients.membership.community()).set_up:
        if person and person.has("admin"):
            return redirect(request, "/")
        raise _set_up_already()
    if not held.fits(code):
        return await _ask_for_code(request, code)
    fresh = Form({"languages": list(LANGUAGES), "joining_open": ["yes"], "code": [code.strip()]})
    return await page(request, _setup_page(fresh, settings))


@router.post("/setup")
async def set_up(
    request: Request, clients: ClientsOf, settings: SettingsOf, held: CodeOf, form: Posted
) -> Response:
    """Set the hub up: its administrator is signed in, and the demonstration is on its way."""
    form.only(*SETUP_FIELDS)
    if (await clients.membership.community()).set_up:
        raise _set_up_already()
    if not held.fits(form.text("code")):
        return await _ask_for_code(request, form.text("code") or "-")
    try:
        entry = sessions_of(request).entry(request)
        order = {**_order(form, settings), "entry": entry.model_dump()}
        session = await clients.membership.set_up(order)
    except HubError as problem:
        if problem.status == 409:
            raise _set_up_already() from problem
        if problem.status != 422:
            raise
        failed = form.failed(problem, SETUP_FIELDS)
        return await page(request, _setup_page(failed, settings), status=422)
    held.forget()
    _cache(request).drop()
    filling = form.ticked("demonstration") and demonstration_offered(settings)
    if filling:
        start_demonstration(settings)
    response = redirect(request, "/", FLASHES["set-up-filling" if filling else "set-up"])
    sessions_of(request).start(response, session)
    return response


@router.get("/settings")
async def settings_form(request: Request, clients: ClientsOf, person: Admin) -> Response:
    """What the hub says about itself, for its administrators to change."""
    return await page(request, _settings_page(_form_of(await clients.membership.community())))


@router.post("/settings")
async def change_settings(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: Admin, form: Posted
) -> Response:
    """Change what the hub says about itself."""
    form.only(*COMMUNITY_FIELDS)
    try:
        await clients.membership.change_community(_community(form), person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, COMMUNITY_FIELDS)
        return await page(request, _settings_page(failed), status=422)
    _cache(request).drop()
    return redirect(request, "/settings", FLASHES["settings-saved"])


def _cache(request: Request) -> CommunityCache:
    cache: CommunityCache = request.app.state.community
    return cache


def _set_up_already() -> Gone:
    return Gone(
        _(
            "This hub is set up already. Its administrators can change what was said then "
            "on the page with its settings."
        )
    )


async def _ask_for_code(request: Request, given: str) -> Response:
    """Ask for the code; a wrong one is refused with a word on where the right one is."""
    if not given:
        return await page(request, SetupCodePage(form=Form()))
    form = Form({"code": [given]}).with_errors(code=_("This is not the code of this hub."))
    return await page(request, SetupCodePage(form=form), status=403)


def _setup_page(form: Form, settings: Settings) -> SetupPage:
    return SetupPage(
        form=form, languages=spoken_by(LANGUAGES), demonstration=demonstration_offered(settings)
    )


def _settings_page(form: Form) -> SettingsPage:
    return SettingsPage(form=form, languages=spoken_by(LANGUAGES))


def _form_of(community: CommunityRead) -> Form:
    values = {name: [getattr(community, name)] for name in TEXTS}
    return Form(
        {
            **values,
            "languages": community.languages,
            "joining_open": ["yes"] if community.joining_open else [],
        }
    )


def _community(form: Form) -> dict[str, Any]:
    return {
        **{name: form.text(name).strip() for name in TEXTS},
        "languages": form.all("languages"),
        "joining_open": form.ticked("joining_open"),
    }


def _order(form: Form, settings: Settings) -> dict[str, Any]:
    # Set by the browser, where nobody sees it: one that the hub does not know is no mistake.
    zone = form.text("time_zone")
    return {
        **_community(form),
        "admin_name": form.text("admin_name"),
        "email": form.text("email"),
        "language": spoken(),
        "time_zone": zone if zone in zone_names() else settings.time_zone,
    }
