"""Pure decisions about posts: what they need, and how they are found."""

from collections.abc import Iterable, Sequence

from services.kit.errors import Invalid

MOST_WORDS = 10
"""Words of a query that are looked at; the rest would only make it slow."""


def check_content(*, body: str, link: str | None) -> None:
    """A post says something or leads somewhere; raises Invalid."""
    if not body and not link:
        raise Invalid("Please write something, or give a link.", field="body")


def distinct(topics: Iterable[str]) -> list[str]:
    """The topics in their order, each once."""
    return list(dict.fromkeys(topics))


def search_text(*, title: str, summary: str, topics: Sequence[str]) -> str:
    """What a query is compared with, in lower case."""
    return "\n".join((title, summary, *topics)).lower()


def patterns(query: str) -> list[str]:
    """A LIKE pattern (escape character `\\`) for each word of the query; all must fit."""
    words = query.lower().split()[:MOST_WORDS]
    return [f"%{_escaped(word)}%" for word in words]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
