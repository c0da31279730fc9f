"""Bringing the people or organisations of a file in, a batch at a time; it may be done again."""

import asyncio
import csv
import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TextIO

from rich.table import Table as Shown

from hub.cli import cases, columns, tables
from hub.cli.importing import Bar, patiently
from hub.clients import HUB, BatchResult, Clients
from services.kit.errors import Invalid

What = Literal["members", "organisations"]
BATCH = 2000
MOST_LETTERS = 800_000
"""Bytes of a batch, below what a request may have."""
SHOWN = 20
"""Rows in error that are shown; a report has all."""
# Spreadsheets compute cells that begin so; what is reported back is data.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AROUND = 200
"""Bytes of the names of fields."""
_AGAIN = "Leave one of them out."
_CORRECT = "Correct it and import again."
_QUOTES = "Put quotation marks around text with commas."
_REPORT = ("row", "column", "value", "what is wrong", "what to do")
_WORDS = {
    "made": "new", "changed": "corrected", "same": "as before", "known": "there already, untouched",
    "again": "twice in the file", "wrong": "in error",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell of a row, and what to do."""

    row: int
    column: str
    value: str
    why: str
    advice: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of the report, with nothing that a spreadsheet would compute."""
        return str(self.row), *map(harmless, (self.column, self.value[:200], self.why, self.advice))


@dataclass
class Report:
    """What became of the rows, counted, with the first of those in error."""

    what: What
    file: TextIO | None = None
    counts: Counter[str] = field(default_factory=Counter)
    first: list[Problem] = field(default_factory=list)
    problems: int = 0
    invited: int = 0
    unused: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.file:
            csv.writer(self.file).writerow(_REPORT)

    def add(self, problem: Problem) -> None:
        """Keep a problem."""
        self.problems += 1
        if len(self.first) < SHOWN:
            self.first.append(problem)
        if self.file:
            csv.writer(self.file).writerow(problem.cells)

    @property
    def changed(self) -> int:
        """How many rows the import has made a difference for."""
        return self.counts["made"] + self.counts["changed"]

    def summary(self) -> Shown:
        """How many rows had which outcome."""
        table = Shown(self.what, "rows", title="What became of the rows", title_justify="left")
        for outcome, words in _WORDS.items():
            if self.counts[outcome]:
                table.add_row(words, str(self.counts[outcome]))
        if self.invited:
            table.add_row("invited", str(self.invited))
        return table

    def wrong(self) -> Shown | None:
        """The first problems; None when there is none."""
        if not self.first:
            return None
        table = Shown(*_REPORT)
        for problem in self.first:
            table.add_row(*problem.cells)
        return table


@dataclass(slots=True)
class Line:
    """A row of the file: its values by field and what the file calls them, or what is wrong."""

    number: int
    values: dict[str, Any]
    wrong: Sequence[columns.Fault] = ()
    letters: int = 0
    """How many bytes it takes on its way, about."""
    joined: bool = False
    """Whether an earlier row has said the same, in other words."""


@dataclass
class Import:
    """One file on its way in."""

    clients: Clients
    what: What
    report: Report
    dry_run: bool = False
    invite: bool = False
    _titles: Mapping[str, str] = field(default_factory=dict)
    _advice: Any = None
    _first: dict[str, int] = field(default_factory=dict)

    async def run(self, path: Path, bar: Bar, *, encoding: str | None = None) -> None:
        """All rows; raises Invalid, with nothing done, when the file cannot be read as a table."""
        table = tables.opened(path, encoding)
        lines = self._cases(table) if self._of_cases(table) else self._lines(table)
        done = bar(self.what.capitalize(), tables.lines_of(path) - 1)
        # The modules of the whole hub stay: to look through them again and again costs a fifth.
        gc.freeze()
        try:
            await self._save(self._batches(lines, done))
        finally:
            gc.unfreeze()

    async def _save(self, batches: Iterator[list[Line]]) -> None:
        batch = await asyncio.to_thread(next, batches, None)
        while batch:
            # The next one is read while this one is saved.
            saving = asyncio.create_task(self._send(batch))
            try:
                batch = await asyncio.to_thread(next, batches, None)
            finally:
                await saving

    def _batches(self, lines: Iterator[Line], done: Callable[[], None]) -> Iterator[list[Line]]:
        """Rows that can be sent, a batch at a time."""
        batch: list[Line] = []
        letters = 0
        for line in lines:
            done()
            if not self._fit(line):
                continue
            if len(batch) == BATCH or (batch and letters + line.letters > MOST_LETTERS):
                yield batch
                batch, letters = [], 0
            batch.append(line)
            letters += line.letters
        if batch:
            yield batch

    def _lines(self, table: tables.Table) -> Iterator[Line]:
        known = columns.MEMBERS if self.what == "members" else columns.ORGANISATIONS
        layout, missing = columns.laid_out(table.header, known)
        if missing:
            raise Invalid(
                f"{table.path} has no column for {', '.join(missing)}. "
                f"Its columns are {', '.join(filter(None, table.header))}."
            )
        self.report.unused = layout.unused
        self._titles, self._advice = layout.titles, layout.advice
        return self._read(table, layout)

    def _read(self, table: tables.Table, layout: columns.Layout) -> Iterator[Line]:
        for number, cells in table.rows():
            if cells is None:
                longest = f"A cell has at most {tables.LONGEST_CELL:,} characters."
                yield Line(number, {}, [columns.Fault("", "", "The row cannot be read.", longest)])
            elif len(cells) > layout.width and any(cell.strip() for cell in cells[layout.width :]):
                why = f"The row has {len(cells)} cells and the header {layout.width}."
                yield Line(number, {}, [columns.Fault("", "", why, _QUOTES)])
            else:
                values, wrong = layout.read(cells)
                yield Line(number, values, wrong, len("".join(cells).encode()) + _AROUND)

    def _of_cases(self, table: tables.Table) -> bool:
        """Whether it is a list of public service cases, which name organisations on the way."""
        wanted = {"case_id", *cases.DEMO_CASE_COLUMNS}
        return self.what == "organisations" and wanted <= {one.lower() for one in table.header}

    def _cases(self, table: tables.Table) -> Iterator[Line]:
        header = [title.lower() for title in table.header]
        raws = [dict(zip(header, cells or (), strict=False)) for _number, cells in table.rows()]
        whole = [dict.fromkeys(header, "") | raw for raw in raws]
        rows, planned = cases.organisations(whole, source="", known=(), made_up=False)
        for row in rows:
            if row.outcome == "left out" and row.why:
                yield Line(row.number, {}, [columns.Fault("name", row.what, row.why, _CORRECT)])
        for one in planned:
            order = {name: value for name, value in one.order.items() if value}
            first, *others = one.rows
            yield Line(first.number, order, letters=len(str(order).encode()))
            for row in others:
                yield Line(row.number, {}, joined=True)

    def _fit(self, line: Line) -> bool:
        """Whether the row can be sent; what is wrong with it, or that it came before, is kept."""
        key = str(line.values.get("email" if self.what == "members" else "name", "")).casefold()
        if self.what == "organisations":
            key += f"|{line.values.get('country') or str(line.values.get('region_code', ''))[:2]}"
        if line.joined:
            self.report.counts["again"] += 1
            return False
        for fault in line.wrong:
            column = self._titles.get(fault.field, fault.field)
            self.report.add(Problem(line.number, column, fault.value, fault.why, fault.advice))
        if line.wrong:
            self.report.counts["wrong"] += 1
            return False
        before = self._first.setdefault(key, line.number) if key.strip("|") else line.number
        if before != line.number:
            self.report.counts["again"] += 1
            why = f"The same as in row {before}."
            self.report.add(Problem(line.number, "", key.split("|")[0], why, _AGAIN))
            return False
        return True

    async def _send(self, batch: Sequence[Line]) -> None:
        order: dict[str, Any] = {"rows": [line.values for line in batch], "dry_run": self.dry_run}
        if self.what == "members":
            order["invite"] = self.invite
        result: BatchResult = await patiently(
            lambda: self.clients.membership.send(
                BatchResult, "POST", f"/imports/{self.what}", HUB, order
            )
        )
        self.report.counts.update(result.outcomes)
        self.report.invited += result.invited
        for problem in result.problems:
            line = batch[problem.row]
            advice = self._advice(problem.field) if self._advice else _CORRECT
            title = self._titles.get(problem.field, problem.field)
            value = str(line.values.get(problem.field, ""))
            self.report.add(Problem(line.number, title, value, problem.message, advice))


def harmless(cell: str) -> str:
    """A cell as a spreadsheet shows it, and never computes it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
