"""`python -m tests.benchmarks [NAME...] [--json] [--write]`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from services.kit.logging import configure
from tests.benchmarks import report
from tests.benchmarks.bench import Bench, MissingPartError
from tests.benchmarks.figures import Figure, Say

BENCHMARKS = (
    "write_path",
    "seats",
    "pipeline_kafka",
    "pipeline_embedded",
    "latency_kafka",
    "latency_embedded",
    "feed",
    "directory",
    "importing",
    "joining",
    "events_list",
    "series",
    "pages",
    "footprint",
)
"""Modules of this folder, in the order of the table."""

Names = Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(BENCHMARKS)}.")]


def main(
    names: Names = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    write: Annotated[bool, typer.Option(help="Write docs/benchmarks.md.")] = False,
    rounds: Annotated[int, typer.Option(help="How often each is measured.", min=1)] = 5,
) -> None:
    """Measure the hub against floors of the same run; no name means all."""
    if unknown := set(names or ()) - set(BENCHMARKS):
        raise typer.BadParameter(f"no benchmark is called {', '.join(sorted(unknown))}")
    configure(level=logging.ERROR)
    figures = []
    try:
        for figure in _measured(names or BENCHMARKS, rounds):
            figures.append(figure)
            if as_json:
                print(json.dumps(figure.as_json()), flush=True)
    except MissingPartError as error:
        raise SystemExit(f"MISSING PART: {error}") from None
    if not as_json:
        Console().print(report.table(figures))
    if write:
        report.write(figures, order=BENCHMARKS, rounds=rounds)
    if any(figure.holds is False for figure in figures):
        raise typer.Exit(1)


def _measured(names: list[str] | tuple[str, ...], rounds: int) -> Iterator[Figure]:
    with Console(stderr=True).status("") as status:
        for name in names:
            with ExitStack() as stack:
                bench = Bench(stack, rounds, _saying(status, name))
                yield from import_module(f"tests.benchmarks.{name}").measure(bench)


def _saying(status: Status, name: str) -> Say:
    return lambda words: status.update(f"{name}: {words}")


if __name__ == "__main__":
    typer.run(main)
