"""HTTP to the files and back, for the hub itself: its pages know who may bring and have what."""

from typing import Annotated

from fastapi import Depends, Path, Request, Response

from services.kit.app import UPLOAD, FilesOf
from services.kit.errors import Invalid
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.scheduling.files.schemas import FileStored

router = Router(prefix="/files", tags=["files"])

FileId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


async def content_of(request: Request) -> bytes:
    """FastAPI dependency: the body, which is a file's bytes; raises Invalid."""
    if request.headers.get("content-type") != UPLOAD:
        raise Invalid("A file is sent as application/octet-stream.")
    return await request.body()


Content = Annotated[bytes, Depends(content_of)]


@router.post("", status_code=201)
def put_file(files: FilesOf, _hub: HubItself, content: Content) -> FileStored:
    """Keep a file; what nothing refers to after a day is removed."""
    return FileStored.model_validate(files.put(content))


@router.get("/{id}", response_class=Response)
def read_file(files: FilesOf, _hub: HubItself, id: FileId) -> Response:
    """A file's bytes."""
    stored, content = files.open(id)
    return Response(content, media_type=stored.kind)
