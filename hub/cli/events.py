"""`hub events ...` and `hub replay`: look into what services say to each other."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.tree import Tree
from sqlalchemy import select

from events import parked as parked_events
from events.catalogue import SERVICES
from events.envelope import STREAMS
from events.replay import replay
from events.tables import OUTBOX
from events.trace import Step, trace
from hub.compose import create_services, open_log, open_stores
from services.kit.db import Database
from services.kit.settings import Settings

app = typer.Typer(help="Look into what services say to each other.", no_args_is_help=True)
console = Console()

EventId = Annotated[str, typer.Argument(help="Id of an event (or of a correlation).")]
Service = Annotated[str, typer.Argument(help="The service that keeps the parked event.")]
ParkedId = Annotated[int, typer.Argument(help="Number in the list of 'hub events parked'.")]


@app.command()
def tail() -> None:
    """Show facts and states as they are published, until Ctrl-C."""
    settings = Settings()
    event_log = open_log(settings, open_stores(settings))
    reader = event_log.tail(frozenset((name, stream) for name in SERVICES for stream in STREAMS))
    try:
        while True:
            for record in reader.poll(0.5):
                console.print(f"{_clock(record.time or time.time())}  {record.id}  {record.type}")
    except KeyboardInterrupt:
        reader.close()


@app.command()
def show(id: EventId) -> None:
    """Print one event with its envelope."""
    for store in open_stores(Settings()).values():
        with store.reader() as session:
            row = session.connection().execute(select(OUTBOX).where(OUTBOX.c.id == id)).first()
        if row is not None:
            if row.payload:
                console.print_json(row.payload.decode())
            else:
                kind = "superseded by a newer state" if row.superseded else "a tombstone"
                console.print(f"{row.type} of {row.key}, version {row.version}: {kind}")
            return
    console.print(f"No service has published an event {id}.")
    raise typer.Exit(1)


@app.command("trace")
def trace_event(id: EventId) -> None:
    """Show one fact's way from request to every effect."""
    steps = trace(open_stores(Settings()), id)
    if not steps:
        console.print(f"No service has published an event {id}.")
        raise typer.Exit(1)
    root = Tree("request")
    for step in steps:
        _grow(root, step)
    console.print(root)


@app.command()
def parked() -> None:
    """List events that could not be processed."""
    table = Table("service", "number", "group", "type", "event", "why")
    for service, store in open_stores(Settings()).items():
        with store.reader() as session:
            for row in parked_events.listed(session):
                why = row.error.splitlines()[0][:80]
                table.add_row(service, str(row.id), row.group_name, row.type, row.event_id, why)
    console.print(table if table.row_count else "Nothing is parked.")


@app.command()
def requeue(service: Service, number: ParkedId) -> None:
    """Let the group try a parked event again."""
    with _store(service).unit_of_work() as session:
        _found(parked_events.requeue(session, number), number)
    console.print("It will be tried again within a second by the running hub.")


@app.command()
def discard(service: Service, number: ParkedId) -> None:
    """Drop a parked event for good."""
    with _store(service).unit_of_work() as session:
        _found(parked_events.discard(session, number), number)
    console.print("Discarded.")


def replay_projection(
    name: Annotated[
        str | None, typer.Argument(help="A projection such as calendar.feeds; none lists them.")
    ] = None,
) -> None:
    """Drop a projection and rebuild it from state; no mail is sent."""
    settings = Settings()
    services = create_services(settings)
    known = {group: made for made in services.values() for group in made.projections}
    if name is None:
        for group in known:
            console.print(group)
        return
    if name not in known:
        raise typer.BadParameter(f"{name} is not a projection; there are {', '.join(known)}")
    service = known[name]
    event_log = open_log(settings, {n: made.database for n, made in services.items()})
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(f"Rebuilding {name}", total=None)
        count = replay(
            store=service.database,
            event_log=event_log,
            handlers=service.groups[name],
            tables=service.projections[name],
            progress=lambda handled: progress.advance(task, handled),
        )
    event_log.close()
    console.print(f"{name}: rebuilt from {count} states")


def _grow(tree: Tree, step: Step) -> None:
    branch = tree.add(f"[bold]{step.type}[/bold] {step.id}")
    branch.add(f"committed by {step.service} at {_clock(step.committed_at)}")
    if step.published_at is None:
        branch.add("not published yet")
    else:
        branch.add(f"published after {_after(step, step.published_at)}")
    for group, at in sorted(step.handled, key=lambda pair: pair[1]):
        branch.add(f"handled by {group} after {_after(step, at)}")
    for group, error in step.parked:
        branch.add(f"[red]parked by {group}[/red]: {error.splitlines()[0]}")
    for caused in step.caused:
        _grow(branch, caused)


def _after(step: Step, at: float) -> str:
    return f"{(at - step.committed_at) * 1000:.1f} ms"


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(sep=" ", timespec="milliseconds")


def _store(service: str) -> Database:
    stores = open_stores(Settings())
    if service not in stores:
        raise typer.BadParameter(f"{service} is not a service; there are {', '.join(stores)}")
    return stores[service]


def _found(done: bool, number: int) -> None:
    if not done:
        console.print(f"There is no parked event {number}.")
        raise typer.Exit(1)
