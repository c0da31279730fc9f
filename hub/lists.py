"""Long lists in pages: where a reader is, where the ways lead, and filters beside them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query

from hub.views.shell import Filter, Pager

T = TypeVar("T")

SHOWN = 24
"""Entries on one page of a list; one more is asked for, to know whether there are others."""
PageNumber = Annotated[int, Query(alias="page", ge=1, le=4000)]
Words = Annotated[str, Query(max_length=80)]


def skipped(number: int) -> int:
    """How many entries come before the numbered page (from 1)."""
    return (number - 1) * SHOWN


def paged(found: Sequence[T], number: int, path: str, **query: str) -> tuple[Sequence[T], Pager]:
    """The entries of this page, and its ways; `found` may hold one entry more."""

    def way(to: int) -> str:
        return address(path, **query, page=str(to) if to > 1 else "")

    more = len(found) > SHOWN
    pager = Pager(number, way(number - 1) if number > 1 else "", way(number + 1) if more else "")
    return found[:SHOWN], pager


def filters(
    path: str,
    name: str,
    current: str,
    words: Mapping[str, str],
    counts: Mapping[str, int] | None = None,
    **kept: str,
) -> list[Filter]:
    """One filter for each word; what else is asked for is kept."""
    return [
        Filter(
            label=label,
            path=address(path, **{name: value}, **kept),
            count=counts.get(value, 0) if counts is not None and value else None,
            current=value == current,
        )
        for value, label in words.items()
    ]


def address(path: str, **query: str) -> str:
    """A path with those parts of a query that say something."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
