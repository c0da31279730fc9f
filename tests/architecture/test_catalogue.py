"""The catalogue keeps its promises: documents current, schemas only grow, facts not personal."""

import json
from pathlib import Path
from typing import Any

import pytest

from events.documents import asyncapi, markdown, schemas
from events.envelope import CATALOGUE, Fact, State

DOCS = Path(__file__).parents[2] / "docs"
SNAPSHOT = Path(__file__).parent / "schemas.json"
PERSONAL = {"name", "email", "title", "body", "description", "phone", "address", "secret", "token"}


def test_generated_documents_are_current() -> None:
    assert (DOCS / "events.md").read_text() == markdown(), "run `make docs`"
    assert json.loads((DOCS / "asyncapi.json").read_text()) == asyncapi(), "run `make docs`"


def test_a_published_schema_only_grows() -> None:
    assert breaks(json.loads(SNAPSHOT.read_text()), schemas()) == []


def test_a_removed_changed_or_newly_required_field_is_a_break() -> None:
    old = {"x.v1": {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}}}
    assert breaks(old, {}) == ["x.v1 is gone"]
    new: dict[str, Any] = {
        "x.v1": {"properties": {"a": {"type": "integer"}, "c": {}}, "required": ["c"]}
    }
    assert breaks(old, new) == ["x.v1: a changed", "x.v1: b is gone", "x.v1: c is newly required"]


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a consumer of the old schemas could stumble over in the new ones."""
    found = []
    for type, schema in old.items():
        if type not in new:
            found.append(f"{type} is gone")
            continue
        now = new[type]["properties"]
        for name, shape in schema["properties"].items():
            if name not in now:
                found.append(f"{type}: {name} is gone")
            elif _bare(now[name]) != _bare(shape):
                found.append(f"{type}: {name} changed")
        added = set(now) - set(schema["properties"])
        required = added & set(new[type].get("required", []))
        found += [f"{type}: {name} is newly required" for name in sorted(required)]
    return found


def _bare(shape: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key not in ("title", "description")}


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=lambda event: event.__name__)
def test_an_event_says_what_it_is(event: type[Fact] | type[State]) -> None:
    assert event.__doc__
    assert event.SUBJECT in event.model_fields
    assert event.model_config["frozen"]
    if issubclass(event, Fact):
        assert not PERSONAL & set(event.model_fields), "facts carry ids and plain values only"
    else:
        assert {"id", "version", "audience"} <= set(event.model_fields)
