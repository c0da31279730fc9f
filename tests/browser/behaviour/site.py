"""A small site whose pages have the data attributes that the hub's scripts look for."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.sse import EventSourceResponse, format_sse_event

from hub import assets
from hub.assets import Assets
from hub.guard import HEADERS

PAGES = Path(__file__).parent / "pages"
ORGANISATIONS = ("Antwerp Lab", "Ghent Hospital", "Ghent University", "Leuven & Sons")
EVENTS = tuple(f"{kind} {number}" for number in range(1, 7) for kind in ("Seminar", "Workshop"))


class Site:
    """The site under way: what it was asked, and a way to tell open pages something."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.app.state.assets = Assets()
        self.asked: list[str] = []
        """What was asked with a header for a block, in order: address and block."""
        self.broken = False
        """Whether the list and the suggestions fail."""
        self.news = 0
        self._streams: set[asyncio.Queue[str | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.app.include_router(assets.router)
        for path in ("/echo", "/preferences"):
            self.app.post(path)(self._echo)
        self.app.get("/list")(self._list)
        self.app.get("/inside")(self._inside)
        self.app.get("/suggest")(self._suggest)
        self.app.get("/live")(self._live)
        self.app.get("/{name}")(self._page)

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def tell(self, subject: str | None) -> None:
        """Tell all open pages to fetch a subject anew; None ends their streams."""
        assert self._loop
        for stream in list(self._streams):
            self._loop.call_soon_threadsafe(stream.put_nowait, subject)

    def _page(self, name: str, request: Request) -> Response:
        block = request.headers.get("hub-block")
        if block:
            self.asked.append(f"{request.url.path} {block}")
        if not (PAGES / f"{name}.html").exists():
            return Response(status_code=204)
        text = (PAGES / f"{name}.html").read_text().replace("NEWS", str(self.news))
        return self._shell(text, request)

    async def _echo(self, request: Request) -> Response:
        given = [(key, str(value)) for key, value in (await request.form()).multi_items()]
        if request.url.path == "/preferences":
            values = dict(given)
            answer = RedirectResponse(values.get("next", "/theme"), status_code=303)
            answer.set_cookie("theme", values.get("theme", ""))
            return answer
        shown = escape(json.dumps(given))
        return self._shell(f'<h1>Sent</h1><pre id="sent">{shown}</pre>', request)

    def _list(self, request: Request, q: str = "", kind: str = "", part: int = 1) -> Response:
        if self.broken and "hub-block" in request.headers:
            return JSONResponse({}, status_code=503)
        found = [name for name in EVENTS if q.lower() in name.lower() and kind in name]
        shown = "".join(f"<li>{name}</li>" for name in found[3 * part - 3 : 3 * part])
        block = (
            f'<div id="results" data-swap="results"><p data-said>{len(found)} events</p>'
            f"<ul>{shown}</ul>"
            f'<a href="/list?q={escape(q)}&amp;part={part + 1}">Next part</a> '
            '<a href="/form">Elsewhere</a></div>'
        )
        if request.headers.get("hub-block") == "results":
            self.asked.append(f"{request.url.path}?{request.url.query} results")
            return HTMLResponse(block, headers=HEADERS)
        form = (PAGES / "list.part").read_text().replace("QUERY", escape(q))
        return self._shell(form + block + '<p class="below">Below</p>', request)

    def _inside(
        self, request: Request, kind: Annotated[Sequence[str], Query()] = (), q: str = ""
    ) -> Response:
        found = [n for n in EVENTS if q.lower() in n.lower() and (not kind or n.split()[0] in kind)]
        boxes = "".join(
            f'<label><input type="checkbox" name="kind" value="{one}"'
            f"{' checked' if one in kind else ''}>{one}s</label>"
            for one in ("Seminar", "Workshop")
        )
        block = (
            '<div id="results" data-swap="results"><form method="get" action="/inside">'
            f'<label>Search <input name="q" value="{escape(q)}"></label>'
            f"<details><summary>Kinds</summary>{boxes}</details></form>"
            f"<p>{len(found)} events</p></div>"
        )
        if request.headers.get("hub-block") == "results":
            time.sleep(0.1)
            return HTMLResponse(block, headers=HEADERS)
        return self._shell(block, request)

    def _suggest(self, q: str) -> Response:
        if self.broken:
            return JSONResponse({}, status_code=503)
        return JSONResponse(
            [
                {"value": name, "label": name, "hint": "Belgium"}
                for name in ORGANISATIONS
                if q.lower() in name.lower()
            ]
        )

    async def _live(self, about: str) -> Response:
        self._loop = asyncio.get_running_loop()
        stream: asyncio.Queue[str | None] = asyncio.Queue()

        async def told() -> AsyncIterator[bytes]:
            self._streams.add(stream)
            try:
                yield format_sse_event(retry=100, comment=about)
                while (subject := await stream.get()) is not None:
                    yield format_sse_event(event="refetch", data_str=subject)
            finally:
                self._streams.discard(stream)

        return EventSourceResponse(told())

    def _shell(self, main: str, request: Request) -> Response:
        theme = request.cookies.get("theme", "")
        dressed = f' data-theme="{escape(theme)}"' if theme else ""
        script = self.app.state.assets.url("js/hub.js")
        return HTMLResponse(
            f'<!doctype html><html lang="en"{dressed}><head><meta charset="utf-8">'
            f'<title>Behaviour</title><meta name="color-scheme" content="light dark">'
            f'<script type="module" src="{script}"></script></head>'
            f'<body><main>{main}</main><a href="/form">Away</a></body></html>',
            headers=HEADERS,
        )


@contextmanager
def running() -> Iterator[tuple[Site, str]]:
    """The site on a port of its own: itself, and its address."""
    site = Site()
    config = uvicorn.Config(site.app, port=0, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield site, f"http://127.0.0.1:{port}"
    finally:
        if site.listeners:
            site.tell(None)
        server.should_exit = True
        thread.join()
