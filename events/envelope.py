"""Events and the CloudEvents 1.0 envelope (JSON format) they travel in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

import uuid_utils
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json

Stream = Literal["facts", "state"]
STREAMS: tuple[Stream, ...] = ("facts", "state")

CATALOGUE: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """Something that happened; frozen, and known to the catalogue by its TYPE.

    Unknown fields are dropped when an event is read, so that a schema may grow
    while an older consumer still runs.
    """

    # Errors are logged and kept, and what was sent may be personal.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    TYPE: ClassVar[str]
    STREAM: ClassVar[Stream]
    SUBJECT: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "TYPE" in cls.__dict__:
            CATALOGUE[cls.TYPE] = cls

    @classmethod
    def producer(cls) -> str:
        """The service that publishes this event, read from its type."""
        return cls.TYPE.split(".")[1]

    @property
    def subject(self) -> str:
        """Id of the aggregate the event is about; also its partition key."""
        return str(getattr(self, self.SUBJECT))


class Fact(Event):
    """History: kept for good, ids and non-personal values only, triggers effects."""

    STREAM: ClassVar[Stream] = "facts"


class State(Event):
    """The whole current snapshot of one aggregate; only the highest version counts."""

    STREAM: ClassVar[Stream] = "state"
    SUBJECT: ClassVar[str] = "id"

    id: str
    version: int
    audience: str


EventT = TypeVar("EventT", bound=Event)


@dataclass(frozen=True, slots=True)
class Context:
    """What ties an event to the request or the event that led to it."""

    correlationid: str
    causationid: str | None = None
    traceparent: str | None = None


_context: ContextVar[Context | None] = ContextVar("event_context", default=None)


def new_id() -> str:
    """A fresh UUIDv7 (RFC 9562) as text: unique, and sorted by time of making."""
    return str(uuid_utils.uuid7())


def current_context() -> Context:
    """The context set by `in_context`, or a new one with a correlation of its own."""
    return _context.get() or Context(correlationid=new_id())


@contextmanager
def in_context(context: Context) -> Iterator[None]:
    """Let every event added within carry this context."""
    token = _context.set(context)
    try:
        yield
    finally:
        _context.reset(token)


class Envelope(BaseModel, Generic[EventT]):
    """One event under way; `data` is None for a tombstone (the aggregate is gone)."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    version: int = 0
    correlationid: str
    causationid: str | None = None
    traceparent: str | None = None
    data: EventT | None

    @property
    def event(self) -> EventT:
        """The data of an envelope that is no tombstone."""
        assert self.data is not None
        return self.data

    @property
    def caused(self) -> Context:
        """The context for whatever this event leads to."""
        return Context(self.correlationid, self.id, self.traceparent)

    @classmethod
    def tombstone(
        cls,
        *,
        id: str,
        type: str,
        subject: str,
        version: int,
        time: datetime,
        correlationid: str,
    ) -> Self:
        """The envelope of a state that is gone; it travels in headers, with no value."""
        return cls(
            id=id,
            source=source_of(type),
            type=type,
            subject=subject,
            time=time,
            dataschema=schema_of(type),
            version=version,
            correlationid=correlationid,
            data=None,
        )


def source_of(type: str) -> str:
    """CloudEvents `source` of an event type: the service as a path."""
    return f"/hub/{type.split('.')[1]}"


def schema_of(type: str) -> str:
    """CloudEvents `dataschema`: where the gateway serves the JSON Schema of the type."""
    return f"/schemas/{type}.json"


@cache
def envelope_class(event_class: type[EventT]) -> type[Envelope[EventT]]:
    """The concrete envelope model of one event class, built once."""
    return Envelope[event_class]  # type: ignore[valid-type]


def pack(event: Event, *, id: str, time: datetime, context: Context) -> bytes:
    """The event as CloudEvents JSON bytes, such as `unpack` takes.

    Put together from its two parts: to build an Envelope around an event that is valid already
    takes four times as long, and every write waits for it.
    """
    attributes = {
        "specversion": "1.0",
        "id": id,
        "source": source_of(event.TYPE),
        "type": event.TYPE,
        "subject": event.subject,
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": schema_of(event.TYPE),
        "version": event.version if isinstance(event, State) else 0,
        "correlationid": context.correlationid,
        "causationid": context.causationid,
        "traceparent": context.traceparent,
    }
    head = to_json({name: value for name, value in attributes.items() if value is not None})
    data = event.__pydantic_serializer__.to_json(event, exclude_none=True)
    return b'%b,"data":%b}' % (head[:-1], data)


def unpack(type: str, value: bytes) -> Envelope[Any]:
    """Parse and validate an event of a known type.

    Raises KeyError when the catalogue lacks the type, pydantic.ValidationError when the
    bytes are not such an event.
    """
    return envelope_class(CATALOGUE[type]).model_validate_json(value)


def now() -> datetime:
    """The present in UTC; the one place where events read the clock."""
    return datetime.now(UTC)
