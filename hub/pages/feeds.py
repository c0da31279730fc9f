"""Calendar feeds when calendar runs as a process of its own: its answers, passed through."""

from collections.abc import AsyncIterator

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from hub.clients import ServiceAway
from hub.pages.asking import ClientsOf

ASKED = ("accept-encoding", "if-none-match", "if-modified-since", "user-agent")
ANSWERED = (
    "cache-control", "content-disposition", "content-encoding", "content-length", "content-type",
    "etag", "expires", "last-modified", "retry-after", "vary",
)  # fmt: skip
router = APIRouter()


@router.api_route("/feeds/{path:path}", methods=["GET", "HEAD"])
@router.api_route("/events/{slug}.ics", methods=["GET", "HEAD"])
async def feed(request: Request, clients: ClientsOf) -> Response:
    """What calendar answers, byte for byte, with what makes it cacheable."""
    http = clients.calendar.http
    headers = {name: request.headers[name] for name in ASKED if name in request.headers}
    # httpx would ask for compression by itself; only the reader's own wish counts.
    headers.setdefault("accept-encoding", "identity")
    url = httpx.URL(path=request.url.path, query=request.url.query.encode())
    asked = http.build_request(request.method, url, headers=headers)
    try:
        answer = await http.send(asked, stream=True)
    except httpx.HTTPError as error:
        raise ServiceAway("calendar") from error
    kept = {name: answer.headers[name] for name in ANSWERED if name in answer.headers}
    return StreamingResponse(_bytes(answer), status_code=answer.status_code, headers=kept)


async def _bytes(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
