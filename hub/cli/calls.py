"""Funding calls (JSON lines) as posts, with fields as the Funding and Tenders portal names them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hub.cli import rows as tidy
from hub.cli.report import Planned, Row

SOURCE = "EU Funding and Tenders portal, European Commission"

_TOPICS = {
    "personalised medicine": r"(?:personali[sz]ed|precision) (?:medicine|health|treatment)",
    "health": r"health(?:care)?|medicines?|medical|patients?",
    "rare diseases": r"rare diseases?",
    "cancer": r"cancers?|oncology",
    "health data": r"health data",
    "digital health": r"digital health|e-?health|telemedicine",
    "clinical trials": r"clinical (?:trials?|studies)",
    "biotechnology": r"biotech(?:nology|nologies)?",
    "artificial intelligence": r"artificial intelligence",
    "regional development": r"smart speciali[sz]ation|regional innovation|cohesion policy",
    "energy": r"energy",
    "climate": r"climate",
    "mobility": r"mobility|transport",
    "agriculture": r"agricultur\w+|farm(?:ing|ers)",
    "security": r"security|defence",
    "culture": r"cultural? \w+|heritage",
    "skills": r"skills|training",
}
_OFTEN = 3
"""Times a subject must be spoken of to be a topic, unless the title has it."""


def posts(
    calls: Sequence[Mapping[str, Any] | None], *, source: str, made_up: bool
) -> tuple[list[Row], list[Planned]]:
    """Each call once, by its link or else its title."""
    rows: list[Row] = []
    planned: dict[str, Planned] = {}
    for number, call in enumerate(calls, 1):
        row = Row("post", source, number)
        rows.append(row)
        order = _post(row, call, made_up=made_up)
        if order is not None:
            planned.setdefault(key_of(order), Planned(order, [])).rows.append(row)
    return rows, list(planned.values())


def key_of(order: Mapping[str, Any]) -> str:
    """What two posts about one call share."""
    return str(order["link"] or order["title"]).rstrip("/").casefold()


def _post(row: Row, call: Mapping[str, Any] | None, *, made_up: bool) -> dict[str, Any] | None:
    if call is None:
        row.why = "not a JSON object"
        return None
    notes = row.notes
    whole = tidy.line(_text(call, "title"), notes, field="title", most=10_000)
    title = row.what = tidy.shortened(whole, notes, "title", 200)
    if not title:
        row.why = "no title"
        return None
    programme = tidy.line(_text(call, "programme"), notes, field="programme")
    action = tidy.line(_text(call, "type_of_action"), notes, field="type of action")
    said = tidy.prose(_text(call, "description"), notes, field="description", most=15_000)
    facts = {
        "Call": " ".join(dict.fromkeys([_text(call, "topic_id"), _text(call, "call")])),
        "Programme": programme,
        "Type of action": action,
        "Budget of a project": _budget(call),
    }
    parts = [tidy.with_headings(said)]
    if title != whole:
        parts.insert(0, tidy.quoted(whole))
    parts += [
        "\n".join(f"- {name}: {tidy.quoted(fact)}" for name, fact in facts.items() if fact.strip()),
        f"Source: {SOURCE}.",
    ]
    body = tidy.shortened("\n\n".join(filter(None, parts)), notes, "text", 20_000)
    deadline = tidy.day(call.get("deadline"), notes, field="deadline")
    return {
        "kind": "funding",
        "title": title,
        "summary": tidy.shortened(
            ". ".join(filter(None, [programme, action, _budget(call)])), [], "summary", 200
        ),
        "body": body,
        "topics": _topics(title, said, programme),
        "language": "en",
        "link": tidy.link(_text(call, "url"), notes),
        "deadline": deadline.isoformat() if deadline else None,
        "made_up": made_up,
        "imported": True,
    }


def _topics(title: str, said: str, programme: str) -> list[str]:
    found = [
        topic
        for topic, pattern in _TOPICS.items()
        if re.search(rf"\b(?:{pattern})\b", title, re.I)
        or len(re.findall(rf"\b(?:{pattern})\b", said, re.I)) >= _OFTEN
    ]
    return tidy.terms(["funding", programme, *found], most=8)


def _budget(call: Mapping[str, Any]) -> str:
    """From least to most, in euros; empty when the source has no figures."""
    figures = [
        figure
        for name in ("budget_min", "budget_max")
        if isinstance(figure := call.get(name), int) and figure > 0
    ]
    return " to ".join(f"EUR {figure:,}" for figure in sorted(set(figures)))


def _text(call: Mapping[str, Any], name: str) -> str:
    found = call.get(name)
    return "" if found is None else str(found)
