"""The regions of the partnership, for administrators to make, change and take away."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from hub.clients import Clients, RegionRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf
from hub.regions import place_named, region_name, suggested
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.views.flashes import FLASHES
from hub.views.regions import RegionPage, RegionRow, RegionsPage
from services.kit.errors import Forbidden, HubError
from services.kit.language import _

FIELDS = ("name", "places")
Slug = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,120}$")]
router = APIRouter(prefix="/admin/regions")


async def admin(person: SignedIn) -> Person:
    """FastAPI dependency: someone who looks after the hub."""
    if not person.has("admin"):
        raise Forbidden(_("Only administrators of the hub can change its regions."))
    return person


Admin = Annotated[Person, Depends(admin)]


@router.get("")
async def regions(request: Request, clients: ClientsOf, person: Admin) -> Response:
    """All regions, and a form for one more."""
    return await _list(request, clients, person, Form())


@router.post("")
async def create(request: Request, clients: ClientsOf, person: Admin, form: Posted) -> Response:
    """Make a region."""
    failed = await _save(clients, person, form, "POST", "/regions")
    if failed:
        return await _list(request, clients, person, failed, status=422)
    return redirect(request, "/admin/regions", FLASHES["region-saved"])


@router.get("/{slug}")
async def edit_form(request: Request, clients: ClientsOf, person: Admin, slug: Slug) -> Response:
    """A region as it is, to be changed."""
    region = await clients.membership.region(slug, person.identity)
    form = Form({"name": [region.name], "places": ["\n".join(region.nuts_codes)]})
    return await page(request, RegionPage(name=region.name, slug=slug, form=form))


@router.post("/{slug}")
async def edit(
    request: Request, clients: ClientsOf, person: Admin, slug: Slug, form: Posted
) -> Response:
    """Change a region."""
    region = await clients.membership.region(slug, person.identity)
    failed = await _save(clients, person, form, "PATCH", f"/regions/{region.id}")
    if failed:
        view = RegionPage(name=region.name, slug=slug, form=failed)
        return await page(request, view, status=422)
    return redirect(request, "/admin/regions", FLASHES["region-saved"])


@router.post("/{slug}/remove")
async def remove(
    request: Request, clients: ClientsOf, person: Admin, slug: Slug, form: Posted
) -> Response:
    """Take a region away."""
    form.only()
    region = await clients.membership.region(slug, person.identity)
    await clients.membership.tell("DELETE", f"/regions/{region.id}", person.identity)
    return redirect(request, "/admin/regions", FLASHES["region-removed"])


async def _save(
    clients: Clients, person: Person, form: Form, method: str, path: str
) -> Form | None:
    """Send the form; the same with complaints when something is wrong with it."""
    form.only(*FIELDS)
    order, wrong = _order(form)
    if wrong:
        return form.with_errors(**wrong)
    try:
        await clients.membership.send(RegionRead, method, path, person.identity, order)
    except HubError as problem:
        if problem.status != 422:
            raise
        return form.failed(problem, FIELDS, {"nuts_codes": "places"})
    return None


def _order(form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    wrong = {}
    if not form.text("name").strip():
        wrong["name"] = _("Enter the name by which the partnership calls it.")
    codes = []
    for words in filter(None, (line.strip() for line in form.text("places").splitlines())):
        code = place_named(words)
        if code is None:
            near = [f"{one['value']} ({one['label']}, {one['hint']})" for one in suggested(words)]
            wrong["places"] = (
                _("{place} can mean several places. Write one of these codes: {codes}.").format(
                    place=words, codes="; ".join(near[:4])
                )
                if near
                else _("{place} is not a region the hub knows.").format(place=words)
            )
            break
        codes.append(code)
    if not codes and "places" not in wrong:
        wrong["places"] = _("Name at least one region.")
    return {"name": form.text("name"), "nuts_codes": codes}, wrong


async def _list(
    request: Request, clients: Clients, person: Person, form: Form, *, status: int = 200
) -> Response:
    rows = [
        RegionRow(
            slug=region.slug,
            name=region.name,
            places=[f"{region_name(code)} ({code})" for code in region.nuts_codes],
        )
        for region in await clients.membership.regions(person.identity)
    ]
    return await page(request, RegionsPage(regions=rows, form=form), status=status)
