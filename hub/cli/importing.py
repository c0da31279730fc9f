"""Bringing planned things into the hub through its services' own APIs, each of them once.

What exists is asked for many at once before anything is made.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.cli import calendars, calls, cases, programme, sources
from hub.cli.report import Planned, Row
from hub.clients import (
    HUB,
    Clients,
    ContactRead,
    DemoCaseRead,
    GatheringBrief,
    GatheringTaken,
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

    async def gatherings(
        self,
        path: Path,
        *,
        title: str,
        topics: Sequence[str],
        time_zone: str = programme.TIME_ZONE,
        draft: bool = False,
        dry_run: bool = False,
    ) -> None:
        """A calendar's events as gatherings, or a conference's programme as one."""
        text = sources.text_of(path)
        if not calendars.is_calendar(text):
            await self.programme(
                path, title=title, topics=topics, time_zone=time_zone, draft=draft, dry_run=dry_run
            )
            return
        rows, planned = calendars.gatherings(
            text, source=path.name, topics=topics, time_zone=time_zone, draft=draft
        )
        self.rows += rows

        async def take(one: Planned) -> None:
            order = {**one.order, "made_up": self.made_up}
            try:
                taken = await patiently(lambda: self._take(order, dry_run))
            except ServiceProblem as problem:
                one.refused(f"{problem.title}: {problem.detail}")
            else:
                one.taken(taken.outcome, taken.id)

        await each(planned, take, self.bar("Events", len(planned)))

    async def programme(
        self,
        path: Path,
        *,
        title: str,
        topics: Sequence[str],
        time_zone: str = programme.TIME_ZONE,
        draft: bool = False,
        dry_run: bool = False,
    ) -> None:
        """The programme in a file as one gathering with its agenda."""
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
        order = {
            **one.order,
            "source_uid": f"{self.identity.contact_id}:{title}"[:255],
            "draft": draft,
        }
        done = self.bar("Sessions", len(one.sessions))
        try:
            taken = await patiently(lambda: self._take(order, dry_run))
        except ServiceProblem as problem:
            for session in one.sessions:
                session.refused(f"{problem.title}: {problem.detail}")
            return
        if dry_run and taken.outcome == "made":
            # There is no gathering yet whose sessions could be compared.
            for session in one.sessions:
                session.taken("made", taken.id)
            return
        for part in _parts(one.sessions):
            await self._sessions(taken.id, part, dry_run)
            for _session in part:
                done()

    async def _take(self, order: Mapping[str, Any], dry_run: bool) -> GatheringTaken:
        return await self.clients.scheduling.take_in(order, self.identity, dry_run=dry_run)

    async def _sessions(self, id: str, planned: Sequence[Planned], dry_run: bool) -> None:
        """Some sessions at once, or one after the other when one of them is refused."""
        orders = [one.order for one in planned]
        try:
            taken = await patiently(
                lambda: self.clients.scheduling.take_in_sessions(
                    id, orders, self.identity, dry_run=dry_run
                )
            )
        except ServiceProblem as problem:
            if len(planned) == 1:
                planned[0].refused(f"{problem.title}: {problem.detail}")
                return
            for one in planned:
                await self._sessions(id, [one], dry_run)
            return
        outcomes = {uid: name for name, uids in taken.model_dump().items() for uid in uids}
        for one in planned:
            one.taken(outcomes[one.order["source_uid"]], id)

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
