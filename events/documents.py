"""docs/events.md, the AsyncAPI 3 document and the JSON Schemas, made from the catalogue."""

from importlib import import_module
from typing import Any

from events.catalogue import SERVICES
from events.envelope import CATALOGUE, STREAMS, Event, Stream


def events_of(service: str, stream: Stream) -> list[type[Event]]:
    """A service's events of one stream, in the order its catalogue file has them."""
    import_module(f"events.catalogue.{service}")
    return [
        event
        for event in CATALOGUE.values()
        if event.producer() == service and stream == event.STREAM
    ]


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event's data."""
    return {"$id": f"/schemas/{event.TYPE}.json", **event.model_json_schema(mode="serialization")}


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every event by type."""
    return {
        event.TYPE: schema_of(event)
        for service in SERVICES
        for stream in STREAMS
        for event in events_of(service, stream)
    }


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: a channel per stream, a message per event."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for service in SERVICES:
        for stream in STREAMS:
            events = events_of(service, stream)
            if not events:
                continue
            name = f"{service}.{stream}"
            for event in events:
                messages[event.TYPE] = {
                    "name": event.TYPE,
                    "title": event.__name__,
                    "summary": _summary(event),
                    "contentType": "application/cloudevents+json",
                    "headers": {
                        "type": "object",
                        "properties": {
                            "ce_id": {"type": "string"},
                            "ce_type": {"const": event.TYPE},
                        },
                        "required": ["ce_id", "ce_type"],
                    },
                    "payload": {
                        "type": "object",
                        "description": "CloudEvents 1.0 envelope (JSON format)",
                        "properties": {
                            "type": {"const": event.TYPE},
                            "data": event.model_json_schema(
                                mode="serialization", ref_template="#/$defs/{model}"
                            ),
                        },
                    },
                }
            channels[name] = {
                "address": f"hub.{service}.{stream}.v1",
                "description": _STREAM_WORDS[stream],
                "messages": {
                    event.__name__: {"$ref": f"#/components/messages/{event.TYPE}"}
                    for event in events
                },
                "bindings": {
                    "kafka": {
                        "topicConfiguration": {
                            "cleanup.policy": ["compact"] if stream == "state" else ["delete"]
                        }
                    }
                },
            }
            operations[f"publish.{name}"] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{name}"},
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of the hub",
            "version": "1",
            "description": "What the hub's services say to each other.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def markdown() -> str:
    """docs/events.md: every event with its words and fields."""
    lines = [
        "# Events",
        "",
        "Generated from `events/catalogue/` by `make docs`; do not edit.",
        "Every event travels in a CloudEvents 1.0 envelope (JSON format) with `id`, `source`,",
        "`type`, `subject`, `time`, `dataschema`, `version`, `correlationid`, `causationid` and",
        "`traceparent`. Facts are history and carry no personal data; states are whole snapshots,",
        "compacted by key, where the highest version counts and a tombstone ends it.",
    ]
    for service in SERVICES:
        lines += ["", f"## {service}"]
        for stream in STREAMS:
            for event in events_of(service, stream):
                lines += [
                    "",
                    f"### {event.__name__}",
                    "",
                    f"`{event.TYPE}` on `hub.{service}.{stream}.v1`, keyed by `{event.SUBJECT}`",
                    "",
                    *[line.strip() for line in (event.__doc__ or "").strip().splitlines()],
                    "",
                    "| field | type | default |",
                    "|---|---|---|",
                ]
                properties = event.model_json_schema(mode="serialization")["properties"]
                lines += [_row(name, shape) for name, shape in properties.items()]
    return "\n".join(lines) + "\n"


_STREAM_WORDS = {
    "facts": "History: ids and non-personal values, kept for good.",
    "state": "Current snapshots, compacted by key.",
}


def _summary(event: type[Event]) -> str:
    return (event.__doc__ or "").strip().splitlines()[0]


def _row(name: str, shape: dict[str, Any]) -> str:
    default = f"`{shape['default']!r}`" if "default" in shape else ""
    return f"| `{name}` | {_type(shape)} | {default} |"


def _type(shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        return " or ".join(_type(option) for option in shape["anyOf"])
    if "enum" in shape:
        return ", ".join(f"`{value}`" for value in shape["enum"])
    if shape.get("type") == "array":
        return f"list of {_type(shape.get('items', {}))}"
    return str(shape.get("format") or shape.get("type", "any"))
