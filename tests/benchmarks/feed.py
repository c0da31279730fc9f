"""The public feed of 200 events by the calendar's own route, against the same bytes from nothing.

Ours: the calendar service's app, as the gateway mounts its routes. Floor: `floor` below, a bare
ASGI function under the same server that sends the same bytes and headers, or the same 304. Eight
connections, no compression.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from events.catalogue.scheduling import GatheringState
from events.envelope import Context, new_id, pack, unpack
from hub.compose import create_services
from services.kit.settings import Settings
from tests.benchmarks.bench import Bench, Served, run_load
from tests.benchmarks.figures import Figure, Target, interleaved

NAME = "feed"
EVENTS = 200
SECONDS = 2.0
PATH = "/feeds/public.ics"


def ours(settings: Settings) -> ASGIApp:
    """The calendar service with 200 gatherings in its projection."""
    calendar = create_services(settings, ["calendar"])["calendar"]
    projects = next(group for group in calendar.groups.values() if GatheringState in group)
    states = [_state(number) for number in range(EVENTS)]
    context = Context(new_id())
    envelopes = [
        unpack(state.TYPE, pack(state, id=new_id(), time=state.revised_at, context=context))
        for state in states
    ]
    with calendar.database.unit_of_work() as session:
        projects[GatheringState](session, envelopes)
    for wake in calendar.after_batch.values():
        wake()
    return calendar.app


def floor(settings: Settings) -> ASGIApp:
    """The floor: body and headers from files, as ours has answered."""
    body = (settings.data_dir / "body").read_bytes()
    whole, unchanged = (
        [
            (name.encode(), value.encode())
            for name, value in json.loads((settings.data_dir / status).read_text())
        ]
        for status in ("200", "304")
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        known = any(name == b"if-none-match" for name, _ in scope["headers"])
        status, headers, sent = (304, unchanged, b"") if known else (200, whole, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": sent})

    return app


def measure(bench: Bench) -> Iterator[Figure]:
    """Answers a second: the whole feed, and 304."""
    folder = bench.folder()
    calendar = bench.serve(f"{__name__}:ours", {"HUB_DATA_DIR": str(bench.folder())})
    plain = {"accept-encoding": "identity"}
    answer = httpx.get(f"http://127.0.0.1:{calendar.port}{PATH}", headers=plain)
    assert answer.content.count(b"BEGIN:VEVENT") == EVENTS
    known = {**plain, "if-none-match": answer.headers["etag"]}
    unchanged = httpx.get(f"http://127.0.0.1:{calendar.port}{PATH}", headers=known)
    (folder / "body").write_bytes(answer.content)
    for name, got in (("200", answer), ("304", unchanged)):
        sent = [pair for pair in got.headers.multi_items() if pair[0] not in ("date", "server")]
        (folder / name).write_text(json.dumps(sent))
    bare = bench.serve(f"{__name__}:floor", {"HUB_DATA_DIR": str(folder)})
    for name, headers, status in ((NAME, plain, 200), (f"{NAME} 304", known, 304)):

        def load(
            who: str, served: Served, headers: dict[str, str], status: int
        ) -> dict[str, float]:
            found = run_load(
                served,
                method="GET",
                path=PATH,
                headers=headers,
                seconds=SECONDS,
                connections=8,
                expect=status,
            )
            return {who: found["rate"]}

        found = interleaved(
            bench.rounds,
            bench.saying(name),
            [
                lambda h=headers, s=status: load("ours", calendar, h, s),  # type: ignore[misc]
                lambda h=headers, s=status: load("floor", bare, h, s),  # type: ignore[misc]
            ],
        )
        yield Figure(name, found["ours"], found["floor"], "answers/s", Target(">=", 0.8))


def _state(number: int) -> GatheringState:
    start = datetime(2027, 1, 4, 14, 0) + timedelta(days=number)
    moment = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    return GatheringState(
        id=new_id(),
        version=1,
        audience="public",
        slug=f"seminar-{number}",
        kind="seminar",
        mode="online",
        status="published",
        title=f"Seminar {number}: from sequence to treatment",
        summary="What a small hospital needs before it can begin",
        description="An hour of practice, with time for questions.",
        starts_local=start,
        ends_local=start + timedelta(hours=1),
        time_zone="Europe/Brussels",
        starts_at=start.replace(tzinfo=UTC) - timedelta(hours=1),
        ends_at=start.replace(tzinfo=UTC),
        organiser_id=new_id(),
        topics=("genomics", "clinical trials"),
        created_at=moment,
        revised_at=moment,
    )
