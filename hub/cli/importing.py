"""Bringing planned things into the hub through its services' own APIs, each of them once.

What exists is asked for many at once before anything is made.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.cli import calls, cases, programme, sources
from hub.cli.report import Planned, Row
from hub.clients import (
    HUB,
    Clients,
    ContactRead,
    DemoCaseRead,
    GatheringBrief,
    OrganisationRead,
    PostRead,
    ServiceProblem,
)
from services.kit.errors import Forbidden, NotFound
from services.kit.identity import Identity

AT_ONCE = 8
"""Requests under way at the same time."""
ASKED = 50
"""Things asked for in one request."""
MOST_ORGANISATIONS = 1000
PATIENCE = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds before the next try while a service is too busy to save."""

T = TypeVar("T")
Bar = Callable[[str, int], Callable[[], None]]
"""Begins a bar of progress with words and a number of steps; gives what ends one step."""


@contextmanager
def bars(console: Console) -> Iterator[Bar]:
    """Bars of progress, one below the other."""
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:

        def bar(words: str, steps: int) -> Callable[[], None]:
            task = progress.add_task(words, total=steps)
            return lambda: progress.advance(task)

        yield bar


async def each(
    items: Iterable[T], work: Callable[[T], Awaitable[None]], done: Callable[[], None]
) -> None:
    """Do the work for every item, a few at a time, beginning in their order."""
    queue = iter(items)

    async def take() -> None:
        for item in queue:
            await work(item)
            done()

    workers = [asyncio.create_task(take()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The call's result, tried again while the service says that it is too busy (503)."""
    for pause in PATIENCE:
        try:
            return await call()
        except ServiceProblem as problem:
            if problem.status != 503:
                raise
        await asyncio.sleep(pause)
    return await call()


async def acting_as(clients: Clients, email: str, *roles: str) -> Identity:
    """The member with this address, who must have one of the roles; raises NotFound, Forbidden."""
    asked = {"emails": [email]}
    found = await clients.membership.send(list[ContactRead], "POST", "/contacts/lookup", HUB, asked)
    if not found or found[0].status != "member":
        raise NotFound(f"There is no member with the address {email}.")
    known = Identity(found[0].id, ("member",))
    profile = await clients.membership.me(known)
    identity = Identity(profile.id, tuple(profile.roles))
    if not identity.has(*roles):
        raise Forbidden(f"{email} is no {' or '.join(roles)}.")
    return identity


@dataclass
class Importer:
    """Imports files as one member and keeps what became of each row."""

    clients: Clients
    identity: Identity
    bar: Bar
    made_up: bool
    most: int | None = None
    """Rows of each file that are looked at; None for all."""
    rows: list[Row] = field(default_factory=list)

    async def organisations(self, path: Path) -> None:
        """The organisations that a file of public service cases names."""
        raws = sources.csv_rows(path, needs=cases.ORGANISATION_COLUMNS)[: self.most]
        await self._organisations(raws, path.name)

    async def demo_cases(self, path: Path) -> None:
        """The cases of such a file, and the organisations that lead them."""
        raws = sources.csv_rows(path, needs=cases.DEMO_CASE_COLUMNS)[: self.most]
        leads = await self._organisations(raws, path.name)
        rows, planned = cases.demo_cases(raws, source=path.name, leads=leads, made_up=self.made_up)
        self.rows += rows
        there = {
            (one.title.casefold(), one.lead_organisation_id): one.id
            for titles in _parts([one.order["title"] for one in planned])
            for one in await self.clients.matchmaking.get(
                list[DemoCaseRead], "/demo-cases", self.identity, titles=titles, limit=200
            )
        }

        async def make(one: Planned) -> None:
            lead = one.order["lead_organisation_id"]
            if id := there.get((one.order["title"].casefold(), lead)):
                one.found(id)
                return
            await _made(one, lambda: self.clients.matchmaking.create(one.order, self.identity))

        await each(planned, make, self.bar("Demo-cases", len(planned)))

    async def posts(self, path: Path) -> None:
        """The calls of a file of funding calls."""
        found = sources.json_lines(path)[: self.most]
        rows, planned = calls.posts(found, source=path.name, made_up=self.made_up)
        self.rows += rows
        there: dict[str, str] = {}
        for asked, values in (
            ("links", [one.order["link"] for one in planned if one.order["link"]]),
            ("titles", [one.order["title"] for one in planned if not one.order["link"]]),
        ):
            for part in _parts(values):
                for post in await self.clients.knowledge.get(
                    list[PostRead], "/posts", self.identity, **{asked: part}, limit=200
                ):
                    there[calls.key_of({"link": post.link, "title": post.title})] = post.id

        async def make(one: Planned) -> None:
            if id := there.get(calls.key_of(one.order)):
                one.found(id)
                return
            await _made(one, lambda: self.clients.knowledge.create(one.order, self.identity))

        await each(planned, make, self.bar("Posts", len(planned)))

    async def programme(
        self, path: Path, *, title: str, topics: Sequence[str], time_zone: str = programme.TIME_ZONE
    ) -> None:
        """The programme in a file as one gathering."""
        rows, one = programme.gathering(
            sources.json_list(path)[: self.most],
            source=path.name,
            title=title,
            topics=topics,
            time_zone=time_zone,
            made_up=self.made_up,
        )
        self.rows += rows
        if one is None:
            return
        done = self.bar("Programme", 1)
        there = {
            (each.title, each.starts_local.isoformat()): each.id
            for each in await self._gatherings()
        }
        if id := there.get((one.order["title"], one.order["starts_local"])):
            one.found(id)
        else:
            await _made(one, lambda: self.clients.scheduling.create(one.order, self.identity))
        done()

    async def _gatherings(self) -> list[GatheringBrief]:
        """All of the importing member's, and the nearest of the others'."""
        return [
            gathering
            for organiser_id in (self.identity.contact_id, None)
            for past in (False, True)
            for gathering in await gatherings_of(
                self.clients, self.identity, organiser_id, past=past
            )
        ]

    async def _organisations(
        self, raws: Sequence[Mapping[str, str]], source: str
    ) -> dict[int, str | None]:
        """Ids of organisations by the row that names them."""
        known = await self.clients.membership.organisations(self.identity, limit=MOST_ORGANISATIONS)
        rows, planned = cases.organisations(raws, source=source, known=known, made_up=self.made_up)
        self.rows += rows

        async def make(one: Planned) -> None:
            if one.id is None:
                await _made(one, lambda: make_organisation(self.clients, one.order, self.identity))

        await each(planned, make, self.bar("Organisations", len(planned)))
        return {row.number: one.id for one in planned for row in one.rows}


async def make_organisation(
    clients: Clients, order: Mapping[str, object], identity: Identity
) -> OrganisationRead:
    """The organisation of this name, made when there is none."""
    return await clients.membership.send(
        OrganisationRead, "POST", "/organisations", identity, order
    )


async def gatherings_of(
    clients: Clients, identity: Identity, organiser_id: str | None, *, past: bool
) -> list[GatheringBrief]:
    """Gatherings of one organiser or of all, the nearest first."""
    return await clients.scheduling.get(
        list[GatheringBrief],
        "/gatherings",
        identity,
        past=past,
        organiser_id=organiser_id,
        limit=200,
    )


async def _made(
    one: Planned,
    make: Callable[[], Awaitable[OrganisationRead | DemoCaseRead | PostRead | GatheringBrief]],
) -> None:
    try:
        thing = await patiently(make)
    except ServiceProblem as problem:
        one.refused(f"{problem.title}: {problem.detail}")
    else:
        one.made(thing.id)


def _parts(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[start : start + ASKED] for start in range(0, len(values), ASKED)]
