"""The picture of an event: brought by its organiser, seen by whoever sees the event."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from hub.clients import GatheringRead
from hub.forms import Form
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import picture_path
from hub.pages.event_forms import looked_after
from hub.rendering import page, redirect
from hub.sessions import SignedIn, Visitor, identity_of
from hub.uploads import PostedFiles
from hub.views.covers import CoverPage
from hub.views.flashes import FLASHES
from services.kit.audience import PUBLIC
from services.kit.errors import HubError, NotFound
from services.kit.files import StoredFile, headers_of

FIELDS = ("file", "alt")
FilePath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
router = APIRouter()


@router.get("/events/{slug}/cover/{file}")
async def picture(clients: ClientsOf, person: Visitor, slug: SlugPath, file: FilePath) -> Response:
    """The picture itself, under an address that stands for just these bytes."""
    gathering = await clients.scheduling.gathering(slug, identity_of(person))
    if file not in (gathering.cover, gathering.cover_small):
        raise NotFound("This file does not exist (any more).")
    content = await clients.scheduling.file(file)
    whose = "public" if gathering.audience == PUBLIC else "private"
    stored = StoredFile(file, "image/jpeg", len(content))
    headers = headers_of(stored, f"{gathering.slug}.jpg")
    return Response(content, headers={**headers, "cache-control": f"{whose}, max-age=604800"})


@router.get("/organise/{slug}/cover")
async def form(request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath) -> Response:
    """The picture there is, and the form that brings another; for the organiser."""
    gathering = await looked_after(clients, person, slug)
    return await _page(request, gathering, Form({"alt": [gathering.cover_alt]}))


@router.post("/organise/{slug}/cover")
async def bring(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: PostedFiles
) -> Response:
    """Have this picture, or other words for the one there is."""
    form.only(*FIELDS)
    gathering = await looked_after(clients, person, slug)
    upload = form.file("file")
    try:
        order: dict[str, object] = {"alt": form.text("alt")}
        if upload:
            order["file_id"] = (await clients.scheduling.put_file(upload.content)).id
        await clients.scheduling.set_cover(gathering.id, order, person.identity)
    except HubError as problem:
        if problem.status not in (413, 422):
            raise
        failed = form.failed(problem, FIELDS, {"file_id": "file"})
        return await _page(request, gathering, failed, status=problem.status)
    return redirect(request, f"/events/{gathering.slug}", FLASHES["cover-set"])


@router.post("/organise/{slug}/cover/remove")
async def remove(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """Have no picture any more."""
    gathering = await looked_after(clients, person, slug)
    await clients.scheduling.remove_cover(gathering.id, person.identity)
    return redirect(request, f"/organise/{gathering.slug}/cover", FLASHES["cover-removed"])


async def _page(
    request: Request, gathering: GatheringRead, form: Form, *, status: int = 200
) -> Response:
    view = CoverPage(
        slug=gathering.slug,
        title=gathering.title,
        picture=picture_path(gathering, gathering.cover),
        alt=gathering.cover_alt,
        form=form,
    )
    return await page(request, view, status=status)
