"""A number that grows day by day, as a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 600, 200


@dataclass(frozen=True)
class Curve:
    """Points of an SVG picture of 600 by 200; `most` is the height of what there is at most."""

    line: str
    area: str
    most: float | None


def curve(counts: Sequence[tuple[date, int]], *, until: date, most: int | None) -> Curve:
    """Steps up at each day on which the number grew, and on to the last day.

    `counts` are in order and not empty; each number holds from the beginning of its day.
    """
    first, last = counts[0][0], max(until, counts[-1][0])
    days = max(1, (last - first).days + 1)
    top = max(most or 0, counts[-1][1], 1)
    points = ["0,200"]
    level = _height(0, top)
    for day, number in counts:
        left = _number((day - first).days * WIDTH / days)
        points.append(f"{left},{level}")
        level = _height(number, top)
        points.append(f"{left},{level}")
    points.append(f"{WIDTH},{level}")
    line = " ".join(points)
    return Curve(
        line=line,
        area=f"{line} {WIDTH},{HEIGHT}",
        most=round(HEIGHT - HEIGHT * most / top, 1) if most else None,
    )


def _height(number: int, top: int) -> str:
    return _number(HEIGHT - HEIGHT * number / top)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
