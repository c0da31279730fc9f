"""`hub import ...`: people, organisations, demo-cases, posts and events from files."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO, TypeVar

import typer
from rich.console import Console

from hub.cli import programme as programmes
from hub.cli import report as reports
from hub.settings import Settings
from services.kit.errors import HubError
from services.kit.fields import zone_names
from services.kit.logging import configure

if TYPE_CHECKING:
    from hub.cli.importing import Importer

app = typer.Typer(
    help="Bring people, organisations, demo-cases, posts and events in from files. "
    "Doing it twice makes nothing twice.",
    no_args_is_help=True,
)
console = Console(stderr=True)

T = TypeVar("T")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
As = Annotated[str, typer.Option("--as", metavar="EMAIL", help="The member who brings them in.")]
ReportFile = Annotated[
    Path | None,
    typer.Option("--report", dir_okay=False, help="Write what became of each row (JSON lines)."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")
]
Encoding = Annotated[
    str | None, typer.Option(help="How its letters are written, such as windows-1250.")
]
ErrorsFile = Annotated[
    Path | None,
    typer.Option("--report", dir_okay=False, help="Write every row in error and why (CSV)."),
]


@app.command()
def members(
    file: File,
    invite: Annotated[
        bool, typer.Option("--invite", help="Ask each of them, once, whether they want to join.")
    ] = False,
    dry_run: DryRun = False,
    encoding: Encoding = None,
    report: ErrorsFile = None,
) -> None:
    """People (CSV with name, e-mail, side and region); unseen until they accept an invitation."""
    _bring("members", file, encoding, report, dry_run=dry_run, invite=invite)


@app.command()
def organisations(
    file: File, dry_run: DryRun = False, encoding: Encoding = None, report: ErrorsFile = None
) -> None:
    """Organisations (CSV with name and side), also those that public service cases name."""
    _bring("organisations", file, encoding, report, dry_run=dry_run)


@app.command("demo-cases")
def demo_cases(file: File, as_email: As, report: ReportFile = None) -> None:
    """Public service cases (CSV) and the organisations that lead them. Needs a coordinator."""
    _run(as_email, ("coordinator",), report, lambda importer: importer.demo_cases(file))


@app.command()
def posts(file: File, as_email: As, report: ReportFile = None) -> None:
    """Funding calls (JSON lines) as posts."""
    _run(as_email, ("member",), report, lambda importer: importer.posts(file))


@app.command()
def gatherings(
    file: File,
    as_email: As,
    title: Annotated[
        str, typer.Option(help="Title of the event that a programme is of.")
    ] = "Conference",
    topic: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="Where it takes place, when the file does not say so.")
    ] = programmes.TIME_ZONE,
    draft: Annotated[bool, typer.Option("--draft", help="Publish nothing yet.")] = False,
    dry_run: DryRun = False,
    report: ReportFile = None,
) -> None:
    """Events of a calendar file (.ics), or a conference's programme (JSON) as one event.

    Needs an organiser. What was imported before is brought up to date.
    """
    if time_zone not in zone_names():
        raise typer.BadParameter("must be a zone such as Europe/Paris", param_hint="--time-zone")
    _run(
        as_email,
        ("organiser", "coordinator"),
        report,
        lambda importer: importer.gatherings(
            file,
            title=title,
            topics=topic or [],
            time_zone=time_zone,
            draft=draft,
            dry_run=dry_run,
        ),
    )
    if dry_run:
        console.print("This was a dry run: nothing has changed.")


def show(rows: list[reports.Row], report: Path | None) -> None:
    """Print what became of the rows, and write it down when asked to."""
    console.print(reports.summary(rows))
    if reasons := reports.reasons(rows):
        console.print(reasons)
    if report:
        reports.write(rows, report)
        console.print(f"A line for each row: {report}")


def check_writable(report: Path | None) -> None:
    """Raise BadParameter before anything is done when the report could not be written."""
    if report:
        try:
            reports.write([], report)
        except OSError as error:
            raise typer.BadParameter(f"{report}: {error.strerror}") from error


def run_or_say(work: Coroutine[Any, Any, T]) -> T:
    """The result, or the error in words and exit code 1."""
    try:
        return asyncio.run(work)
    except HubError as error:
        console.print(error.detail, style="red")
        raise typer.Exit(1) from error


def _bring(
    what: Literal["members", "organisations"],
    file: Path,
    encoding: str | None,
    errors: Path | None,
    *,
    dry_run: bool,
    invite: bool = False,
) -> None:
    # Imported here: `hub --help` need not wait for the services.
    from hub.cli import bulk
    from hub.cli.importing import bars
    from hub.processes import offline_clients

    configure(logging.WARNING)

    async def bring_in(found: bulk.Report) -> None:
        async with offline_clients(Settings()) as clients:
            with bars(console) as bar:
                work = bulk.Import(clients, what, found, dry_run=dry_run, invite=invite)
                await work.run(file, bar, encoding=encoding)

    with _errors_file(errors) as out:
        found = bulk.Report(what, out)
        run_or_say(bring_in(found))
    if found.unused:
        console.print(f"Columns not used: {', '.join(found.unused)}.", markup=False)
    console.print(found.summary())
    if wrong := found.wrong():
        console.print(wrong)
        if found.problems > len(found.first):
            console.print(f"{found.problems - len(found.first)} more; --report FILE has them all.")
    if errors:
        console.print(f"Every row in error: {errors}", markup=False)
    if dry_run:
        console.print("This was a dry run: nothing has changed.")
    elif not found.changed:
        console.print("Nothing has changed.")
    if found.counts["wrong"]:
        raise typer.Exit(1)


@contextmanager
def _errors_file(path: Path | None) -> Iterator[TextIO | None]:
    """The file for rows in error, with a mark by which spreadsheets know UTF-8."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    with file:
        yield file


def _run(
    email: str,
    roles: tuple[str, ...],
    report: Path | None,
    work: Callable[["Importer"], Awaitable[None]],
) -> None:
    # Imported here: `hub --help` need not wait for the services.
    from hub.cli.importing import Importer, acting_as, bars
    from hub.processes import working_clients

    check_writable(report)
    configure(logging.WARNING)

    async def bring_in() -> list[reports.Row]:
        async with working_clients(Settings()) as clients:
            identity = await acting_as(clients, email.strip().lower(), *roles)
            with bars(console) as bar:
                importer = Importer(clients, identity, bar, made_up=False)
                await work(importer)
            return importer.rows

    show(run_or_say(bring_in()), report)
