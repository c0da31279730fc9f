"""`hub gdpr ...`: erase a person, and prove that nothing of them is left."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from events.catalogue.membership import MemberErased
from hub.cli.gdpr_search import Found, Wanted, files, files_in, tables, topics
from hub.settings import Settings
from services.kit.errors import HubError

app = typer.Typer(
    help="Erase a person, and prove that nothing of them is left.", no_args_is_help=True
)
console = Console(stderr=True)

MemberId = Annotated[str, typer.Argument(help="Id of the member (or guest).", metavar="MEMBER_ID")]


@app.command()
def erase(
    member_id: MemberId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase somebody now, everywhere, with no way back; they get a receipt by mail."""
    from hub.clients import HUB
    from hub.processes import offline_clients

    async def run() -> None:
        async with offline_clients(Settings()) as clients:
            people = await clients.membership.contacts([member_id], HUB)
            if member_id not in people:
                raise typer.BadParameter("There is nobody with this id.")
            person = people[member_id]
            console.print(f"{person.name} <{person.email}>, {person.status}", markup=False)
            if not yes:
                typer.confirm("Erase everything about this person for good?", abort=True)
            made = await clients.membership.erase(member_id)
            console.print(
                "Erased from membership. The other parts follow while the hub runs: "
                f"{', '.join(made.missing)}."
            )
            console.print(f"Then prove it: hub gdpr verify {member_id} --also NAME --also E-MAIL")

    _run(run())


@app.command("list")
def list_erasures() -> None:
    """Print the ids of everybody who was erased, to be kept beside the backups."""
    from hub.processes import offline_clients

    async def run() -> None:
        async with offline_clients(Settings()) as clients:
            for erasure in await clients.membership.erasures():
                typer.echo(erasure.contact_id)
                state = "complete" if erasure.completed_at else f"missing {erasure.missing}"
                console.print(f"  {erasure.erased_at:%Y-%m-%d %H:%M}  {state}", highlight=False)

    _run(run())


@app.command()
def reapply(
    ids: Annotated[
        Path | None, typer.Option(help="File of ids, one a line, as 'hub gdpr list' prints them.")
    ] = None,
) -> None:
    """Erase again whoever had been erased before a backup was restored.

    Whom, is known from membership, from Kafka's history, and from a file of ids.
    """
    from hub.compose import open_log
    from hub.processes import offline_clients

    settings = Settings()
    wanted = set(ids.read_text().split()) if ids else set()
    if settings.kafka:
        event_log = open_log(settings, {})
        for batch in event_log.replay(frozenset({("membership", "facts")})):
            wanted |= {record.key for record in batch if record.type == MemberErased.TYPE}
        event_log.close()

    async def run() -> None:
        async with offline_clients(settings) as clients:
            known = {each.contact_id for each in await clients.membership.erasures()}
            back = 0
            for contact_id in sorted(wanted | known):
                done = await clients.membership.reapply(contact_id)
                back += done.was_back
            console.print(
                f"{len(wanted | known)} erased people are forgotten again, "
                f"{back} of them had come back."
            )

    _run(run())


@app.command()
def verify(
    member_id: MemberId,
    also: Annotated[
        list[str] | None,
        typer.Option(help="A text that may be nowhere any more: the name, the e-mail address."),
    ] = None,
    log: Annotated[
        list[Path] | None, typer.Option(help="A log file, or a folder of them, to look into.")
    ] = None,
) -> None:
    """Look everywhere for an erased person; fails when anything is left."""
    from hub.compose import open_log, open_stores

    texts = tuple(also or ())
    if any(len(text.strip()) < 3 for text in texts):
        raise typer.BadParameter("a text must have three letters or more, or it is everywhere")
    settings = Settings()
    wanted, found = Wanted(member_id, texts), Found()
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Looking")

        def told(place: str) -> None:
            progress.update(task, description=place)

        stores = open_stores(settings)
        tables(stores, wanted, found, told)
        for store in stores.values():
            store.close()
        if settings.kafka:
            event_log = open_log(settings, {})
            topics(event_log, wanted, found, told)
            event_log.close()
        files(files_in([settings.data_dir, *(log or ())]), wanted, found, told)
    _report(found)
    raise typer.Exit(1 if found.left else 0)


def _report(found: Found) -> None:
    """What is left on standard output, where nothing must be; the rest beside it."""
    if found.explained:
        table = Table("bare ids", "where", "times", title="Explained", title_justify="left")
        for (why, place), count in sorted(found.explained.items()):
            table.add_row(why, place, str(count))
        console.print(table)
    console.print(f"{found.looked_at} rows, records and files were looked at.")
    if not found.left:
        console.print("Nothing of this person is left.")
    for place, count in sorted(found.left.items()):
        typer.echo(f"LEFT  {place}: {count}")


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except HubError as problem:
        console.print(problem.detail)
        raise typer.Exit(1) from problem
