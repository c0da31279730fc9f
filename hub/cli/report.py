"""What became of each row of an import: every row is made, joined or left out, and why."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rich.table import Table

from hub.cli.rows import MENDED, SHORTENED, Notes

Kind = Literal["organisation", "demo-case", "post", "session", "event"]
Outcome = Literal["made", "changed", "joined", "left out"]


@dataclass
class Row:
    """One row of the input, as one kind of thing; left out until something came of it."""

    kind: Kind
    source: str
    number: int
    """Place in the file; the first row is 1, a heading does not count."""
    what: str = ""
    outcome: Outcome = "left out"
    why: str = ""
    notes: Notes = field(default_factory=list)


@dataclass
class Planned:
    """One thing to be made, and the rows that ask for it; `id` once it exists."""

    order: dict[str, Any]
    rows: list[Row]
    id: str | None = None
    parts: bool = False
    """Whether each row is a part of the thing, and not the whole of it once more."""

    def found(self, id: str) -> None:
        """It was there before."""
        self.id = id
        for row in self.rows:
            row.outcome, row.why = "joined", f"was there before as {id}"

    def made(self, id: str) -> None:
        """It is new; further rows that ask for the same are joined with the first."""
        self.id = id
        first = self.rows[0]
        for row in self.rows:
            if row is first or self.parts:
                row.outcome, row.why = "made", id
            else:
                row.outcome, row.why = "joined", f"the same as row {first.number}"

    def taken(self, outcome: str, id: str) -> None:
        """What the hub made of it: made, changed, or the same as before."""
        if outcome == "made":
            self.made(id)
        else:
            self.found(id)
        if outcome == "changed":
            for row in self.rows:
                row.outcome, row.why = "changed", id

    def refused(self, why: str) -> None:
        """It could not be made."""
        for row in self.rows:
            row.outcome, row.why = "left out", why


def write(rows: Iterable[Row], path: Path) -> None:
    """A line of JSON for each row."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            said = {
                "source": row.source,
                "row": row.number,
                "kind": row.kind,
                "what": row.what,
                "outcome": row.outcome,
                "why": row.why,
                "notes": row.notes,
            }
            file.write(json.dumps(said, ensure_ascii=False) + "\n")


def summary(rows: Sequence[Row]) -> Table:
    """How many rows of each kind had which outcome, and how many needed tidying."""
    table = Table("what", title="What became of each row", title_justify="left")
    for heading in (
        "rows",
        "made",
        "changed",
        "joined",
        "left out",
        "of these shortened",
        "mended",
    ):
        table.add_column(heading, justify="right")
    for kind in dict.fromkeys(row.kind for row in rows):
        of_kind = [row for row in rows if row.kind == kind]
        outcomes = Counter(row.outcome for row in of_kind)
        figures = (
            len(of_kind),
            outcomes["made"],
            outcomes["changed"],
            outcomes["joined"],
            outcomes["left out"],
            _noted(of_kind, SHORTENED),
            _noted(of_kind, MENDED),
        )
        table.add_row(f"{kind}s", *map(str, figures))
    return table


def reasons(rows: Sequence[Row]) -> Table | None:
    """Why rows were left out, the most frequent first; None when none was."""
    why = Counter((row.kind, row.why) for row in rows if row.outcome == "left out")
    if not why:
        return None
    table = Table("left out", "why", "rows")
    for (kind, reason), count in why.most_common(10):
        table.add_row(f"{kind}s", reason, str(count))
    return table


def _noted(rows: Iterable[Row], beginning: str) -> int:
    return sum(any(note.startswith(beginning) for note in row.notes) for row in rows)
