"""`hub demo`: fill the hub, so that there is something to see."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.imports import ReportFile, check_writable, console, run_or_say, show
from hub.cli.report import Row
from hub.settings import Settings
from services.kit.db import Database, open_database
from services.kit.errors import Conflict
from services.kit.logging import configure

if TYPE_CHECKING:
    from hub.cli.importing import Importer

DATA = Path("../shared/data")
CASES, CALLS, PROGRAMME = (
    "public_service_cases.csv",
    "funding_calls.jsonl",
    "conference_programme.json",
)
SMALL_PEOPLE, SMALL_ROWS = 12, 20


def demo(
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help=f"Folder with {CASES}, {CALLS} and {PROGRAMME}; {DATA} when it is there.",
        ),
    ] = None,
    small: Annotated[
        bool,
        typer.Option("--small", help=f"{SMALL_PEOPLE} members and {SMALL_ROWS} rows of each file."),
    ] = False,
    report: ReportFile = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the demonstration away again, with all of it.")
    ] = False,
) -> None:
    """Fill the hub with a made-up community, and with real input where there is some.

    All is marked as made up. Doing it again makes only what is missing.
    The hub may be running meanwhile.
    """
    settings = Settings()
    if remove:
        configure(logging.WARNING)
        show_removed(run_or_say(take_away(settings)))
        return
    if settings.smtp_url:
        # The people of the demonstration have addresses that reach nobody.
        console.print("A hub that sends real mail (HUB_SMTP_URL) is no place for a demonstration.")
        raise typer.Exit(1)
    check_writable(report)
    folder = data or (DATA if DATA.is_dir() else None)
    configure(logging.WARNING)
    rows = run_or_say(fill(settings, folder, small=small))
    if rows:
        show(rows, report)
    else:
        console.print("Only the made-up community: there is no folder with real input.")
    console.print(f"\n  Look at it:  [bold]{settings.address}[/bold]  (hub run)")
    console.print(
        f"  Sign in as ada.beispiel@example.org, a coordinator, at {settings.address}/sign-in;"
    )
    console.print(f"  the mail with the link is at {settings.address}/dev/mailbox\n")


async def fill(settings: Settings, folder: Path | None, *, small: bool = False) -> list[Row]:
    """Make the community and import what the folder has; gives what became of each row."""
    # Imported here: `hub --help` need not wait for the services.
    from hub.cli.demo_filling import Filling
    from hub.cli.demo_people import PEOPLE
    from hub.cli.importing import Importer, bars
    from hub.compose import open_log
    from hub.processes import working_clients

    async with working_clients(settings) as clients:
        store = open_database("membership", settings)
        event_log = open_log(settings, {"membership": store})
        try:
            with alone(store), bars(console) as bar:
                filling = Filling(
                    clients,
                    event_log,
                    bar,
                    datetime.now(UTC).date(),
                    PEOPLE[:SMALL_PEOPLE] if small else PEOPLE,
                )
                await filling.community()
                importer = Importer(
                    clients,
                    filling.coordinator,
                    bar,
                    made_up=True,
                    most=SMALL_ROWS if small else None,
                )
                if folder:
                    await _import(importer, folder)
                # Last, so that lists that begin with the newest begin with these.
                await filling.doings()
                return importer.rows
        finally:
            event_log.close()
            store.close()


async def take_away(settings: Settings) -> dict[str, int]:
    """Remove the demonstration; how many things of each kind are gone.

    Other services and the calendar feeds forget it as soon as a hub runs on this data.
    """
    from hub.cli.demo_removing import remove
    from hub.processes import offline_clients

    async with offline_clients(settings) as clients:
        store = open_database("membership", settings)
        try:
            with alone(store):
                return await remove(clients)
        finally:
            store.close()


@contextmanager
def alone(store: Database) -> Iterator[None]:
    """Keep others from filling or removing at the same time; raises Conflict when they do."""
    with store.exclusive("demo") as free:
        if not free:
            raise Conflict("The demonstration is being filled or removed just now. Please wait.")
        yield


def show_removed(counts: Mapping[str, int]) -> None:
    """Say what is gone."""
    if not any(counts.values()):
        console.print("There is no demonstration in this hub.")
        return
    for kind, count in counts.items():
        console.print(f"  {count:>5} {kind}")
    console.print("The demonstration is gone; what is real has stayed.")


async def _import(importer: "Importer", folder: Path) -> None:
    if (folder / CASES).is_file():
        await importer.demo_cases(folder / CASES)
    if (folder / CALLS).is_file():
        await importer.posts(folder / CALLS)
    if (folder / PROGRAMME).is_file():
        await importer.programme(
            folder / PROGRAMME,
            title="A conference with its real agenda",
            topics=["software", "open source"],
        )
