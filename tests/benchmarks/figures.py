"""A figure: ours, its floor, and whether it is what was asked."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Say = Callable[[str], None]
"""Tells whoever waits what is being measured."""


@dataclass(frozen=True)
class Target:
    """A bound on the ratio of ours to the floor, or on our own figure."""

    sense: Literal[">=", "<="]
    bound: float
    of: Literal["ratio", "ours"] = "ratio"

    def holds(self, *, ours: float, ratio: float | None) -> bool:
        """Whether the figure keeps within the bound."""
        value = ours if self.of == "ours" else ratio
        assert value is not None, "a target on a ratio needs a floor"
        return value >= self.bound if self.sense == ">=" else value <= self.bound


@dataclass(frozen=True)
class Figure:
    """One line of the table; without a target it is only reported."""

    name: str
    ours: float
    floor: float | None
    unit: str
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the floor."""
        return self.ours / self.floor if self.floor else None

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None when there is none."""
        if self.target is None:
            return None
        return self.target.holds(ours=self.ours, ratio=self.ratio)

    @property
    def target_words(self) -> str | None:
        """The target as people read it: `>=0.6`, or `<=100 ms` when it bounds our own figure."""
        if self.target is None:
            return None
        unit = f" {self.unit}" if self.target.of == "ours" else ""
        return f"{self.target.sense}{self.target.bound:g}{unit}"

    def as_json(self) -> dict[str, Any]:
        """The object of `--json`."""
        return {
            "name": self.name,
            "ours": _short(self.ours),
            "floor": _short(self.floor),
            "unit": self.unit,
            "ratio": _short(self.ratio),
            "target": self.target_words,
            "holds": self.holds,
        }


def interleaved(
    rounds: int,
    say: Say,
    measures: Sequence[Callable[[], dict[str, float]]],
) -> dict[str, float]:
    """Measure in turn, forwards and backwards, so that a slow minute hits all alike.

    Gives the median of each named value over the rounds.
    """
    taken: dict[str, list[float]] = {}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for measure in measures if number % 2 == 0 else reversed(measures):
            for name, value in measure().items():
                taken.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in taken.items()}


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
