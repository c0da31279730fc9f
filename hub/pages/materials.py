"""What is left of a gathering: slides, the recording and more, for those who had a seat."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from hub.choices import Choice
from hub.clients import Clients, GatheringRead, MaterialRead
from hub.forms import Form
from hub.pages.asking import ClientsOf, IdPath, SecretPath, SlugPath
from hub.pages.cards import event_card
from hub.pages.event_forms import looked_after
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, Visitor
from hub.uploads import FilesForm, PostedFiles, Upload
from hub.views.flashes import FLASHES
from hub.views.materials import MaterialsEditPage, MaterialShown, MaterialsPage
from hub.words import MATERIALS
from services.kit.errors import HubError, NotFound
from services.kit.files import StoredFile, headers_of, kind_of, named
from services.kit.identity import ANYONE

FIELDS = ("kind", "title", "url", "file")
router = APIRouter()


@router.get("/events/{slug}/materials")
async def materials(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """Everything there is, for a member with a seat."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    found = await clients.scheduling.materials(gathering.id, person.identity)
    shown = _shown(found, f"/events/{gathering.slug}/materials")
    return await page(request, MaterialsPage(event_card(gathering, person), shown))


@router.get("/events/{slug}/materials/{id}")
async def material(clients: ClientsOf, person: SignedIn, slug: SlugPath, id: IdPath) -> Response:
    """One file."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    found = await clients.scheduling.materials(gathering.id, person.identity)
    return await _file(clients, found, id)


@router.get("/registrations/{secret}/materials")
async def materials_by_link(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath
) -> Response:
    """Everything there is, by the link in a mail."""
    own = await clients.scheduling.by_secret(secret)
    gathering = await clients.scheduling.gathering(own.gathering_id, ANYONE)
    found = await clients.scheduling.materials_by_secret(secret)
    shown = _shown(found, f"/registrations/{secret}/materials")
    return await page(request, MaterialsPage(event_card(gathering, person), shown))


@router.get("/registrations/{secret}/materials/{id}")
async def material_by_link(clients: ClientsOf, secret: SecretPath, id: IdPath) -> Response:
    """One file, by the link in a mail."""
    return await _file(clients, await clients.scheduling.materials_by_secret(secret), id)


@router.get("/organise/{slug}/materials")
async def edit(request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath) -> Response:
    """What there is, and the form that adds to it; for the organiser."""
    gathering = await looked_after(clients, person, slug)
    return await _edit_page(request, clients, person, gathering, Form())


@router.post("/organise/{slug}/materials")
async def add(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: PostedFiles
) -> Response:
    """Add a file or a link."""
    form.only(*FIELDS)
    gathering = await looked_after(clients, person, slug)
    try:
        order = await _order(clients, form)
        await clients.scheduling.add_material(gathering.id, order, person.identity)
    except HubError as problem:
        if problem.status not in (409, 413, 422):
            raise
        failed = form.failed(problem, FIELDS, {"file_id": "file"})
        return await _edit_page(request, clients, person, gathering, failed, status=problem.status)
    return redirect(request, f"/organise/{slug}/materials", FLASHES["material-added"])


@router.post("/organise/{slug}/materials/tell")
async def tell(request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath) -> Response:
    """Have everybody with a seat told of what is new."""
    gathering = await looked_after(clients, person, slug)
    await clients.scheduling.tell_of_materials(gathering.id, person.identity)
    return redirect(request, f"/organise/{slug}/materials", FLASHES["materials-told"])


@router.post("/organise/{slug}/materials/{id}/remove")
async def remove(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, id: IdPath
) -> Response:
    """Take something away again."""
    gathering = await looked_after(clients, person, slug)
    await clients.scheduling.remove_material(gathering.id, id, person.identity)
    return redirect(request, f"/organise/{slug}/materials", FLASHES["material-removed"])


async def _order(clients: Clients, form: FilesForm) -> dict[str, str]:
    """What the form asks for, with its file kept."""
    order = form.order("kind", "title", "url")
    upload = form.file("file")
    if upload:
        order["file_id"] = (await clients.scheduling.put_file(upload.content)).id
        order.setdefault("title", _title_of(upload))
    return order


def _title_of(upload: Upload) -> str:
    """A file without a title is called as its owner calls it."""
    return " ".join(upload.name.rpartition(".")[0].split())[:200] or upload.name[:200]


async def _edit_page(
    request: Request,
    clients: Clients,
    person: Person,
    gathering: GatheringRead,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    found = await clients.scheduling.materials(gathering.id, person.identity)
    view = MaterialsEditPage(
        slug=gathering.slug,
        title=gathering.title,
        materials=_shown(found, f"/events/{gathering.slug}/materials"),
        untold=sum(1 for each in found if not each.told),
        may_tell=gathering.status in ("published", "finished"),
        kinds=[Choice(value, label) for value, label in MATERIALS.items()],
        form=form,
    )
    return await page(request, view, status=status)


def _shown(found: Sequence[MaterialRead], way: str) -> list[MaterialShown]:
    return [
        MaterialShown(
            id=each.id,
            title=each.title,
            kind=MATERIALS[each.kind],
            path=each.url or f"{way}/{each.id}",
            told=each.told,
        )
        for each in found
    ]


async def _file(clients: Clients, found: Sequence[MaterialRead], id: str) -> Response:
    """The bytes of one of these, under a name of its own."""
    wanted = next((each for each in found if each.id == id and each.file_id), None)
    if wanted is None or wanted.file_id is None:
        raise NotFound("This file does not exist (any more).")
    content = await clients.scheduling.file(wanted.file_id)
    stored = StoredFile(wanted.file_id, kind_of(content) or "text/plain", len(content))
    return Response(content, headers=headers_of(stored, named(wanted.title, stored)))
