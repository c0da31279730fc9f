"""Feeds ready to be sent: made when something changed, not when somebody asks.

Whether something changed is told at once by the consumer in the same process (`changed`);
other processes see it in the database, where they look again after FRESH seconds.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from services.calendar.feeds import service
from services.calendar.feeds.schemas import Feed, PrivateFeed
from services.kit.db import Database

log = structlog.get_logger()

FRESH = 0.25
"""Seconds a process trusts what it saw in the database."""
MOST_BYTES = 64_000_000
"""Of prepared feeds a process holds; the longest unused are dropped."""

RawHeaders = tuple[tuple[bytes, bytes], ...]


class Prepared:
    """One feed as bytes, with everything the answer needs."""

    def __init__(
        self, body: bytes, change: service.Change, *, compress: bool, private: bool
    ) -> None:
        self.token = change.token
        self.changed_at = change.changed_at
        digest = hashlib.sha256(body).hexdigest()
        modified = http_date(change.changed_at)
        self.plain = Variant(body, digest, modified, private=private, coding=None)
        self.compressed: Variant | None = None
        if compress:
            # mtime: the same bytes at any time.
            packed = gzip.compress(body, compresslevel=6, mtime=0)
            self.compressed = Variant(packed, digest, modified, private=private, coding="gzip")

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.plain.body) + (len(self.compressed.body) if self.compressed else 0)


class Variant:
    """The body in one content coding, with its headers for 200 and for 304."""

    def __init__(
        self, body: bytes, digest: str, modified: bytes, *, private: bool, coding: str | None
    ) -> None:
        self.body = body
        self.etag = (f'"{digest}-{coding}"' if coding else f'"{digest}"').encode("ascii")
        self.not_modified: RawHeaders = (
            (b"etag", self.etag),
            (b"vary", b"accept-encoding"),
            (b"cache-control", b"private, no-cache" if private else b"public, max-age=300"),
        )
        self.undated: RawHeaders = (
            (b"content-type", b"text/calendar; charset=utf-8"),
            (b"content-length", str(len(body)).encode("ascii")),
            *self.not_modified,
            (b"x-content-type-options", b"nosniff"),
        )
        if coding:
            self.undated += ((b"content-encoding", coding.encode("ascii")),)
        if private:
            self.undated += ((b"referrer-policy", b"no-referrer"), (b"x-robots-tag", b"noindex"))
        self.dated: RawHeaders = (*self.undated, (b"last-modified", modified))


def http_date(moment: float) -> bytes:
    """Epoch seconds as HTTP writes them."""
    return formatdate(moment, usegmt=True).encode("ascii")


@dataclass(frozen=True)
class _Seen:
    token: str
    until: float


class FeedCache:
    """Prepared feeds of one process; used by the event loop and by threads."""

    def __init__(self, database: Database, *, address: str, compress: bool) -> None:
        self._database = database
        self._address = address
        self._compress = compress
        self._prepared: OrderedDict[Feed, Prepared] = OrderedDict()
        self._bytes = 0
        self._seen = _Seen("", 0.0)
        self._changes = 0
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def changed(self) -> None:
        """Something was committed: look before the next answer."""
        with self._lock:
            self._changes += 1
            self._seen = _Seen("", 0.0)

    def current(self, feed: Feed) -> Prepared | None:
        """The feed if it is surely ready, without any waiting; else ask `prepare`."""
        seen = self._seen
        if time.monotonic() < seen.until:
            prepared = self._prepared.get(feed)
            if prepared is not None and prepared.token == seen.token:
                return prepared
        return None

    def prepare(self, feed: Feed) -> Prepared | None:
        """The feed as it is now, made anew if it changed; None when there is no such one.

        While the database cannot be read the last known state is given. For use in a thread.
        """
        try:
            # One at a time: all others then find it made.
            with self._building, self._database.reader() as session:
                return self.prepare_in(session, feed)
        except OperationalError as error:
            prepared = self._prepared.get(feed)
            if prepared is None:
                raise
            log.warning("feed_not_renewed", error=str(error))
            return prepared

    def prepare_in(self, session: Session, feed: Feed) -> Prepared | None:
        """The same within a session that has just checked the right to see it."""
        changes = self._changes
        change = service.change(session)
        prepared = self._prepared.get(feed)
        if prepared is None or prepared.token != change.token:
            body = service.body(session, feed, address=self._address)
            if body is None:
                return None
            private = isinstance(feed, PrivateFeed)
            prepared = Prepared(body, change, compress=self._compress, private=private)
        with self._lock:
            self._keep(feed, prepared)
            if changes == self._changes:
                self._seen = _Seen(change.token, time.monotonic() + FRESH)
        return prepared

    def _keep(self, feed: Feed, prepared: Prepared) -> None:
        old = self._prepared.pop(feed, None)
        self._bytes += prepared.size - (old.size if old else 0)
        self._prepared[feed] = prepared
        while self._bytes > MOST_BYTES and len(self._prepared) > 1:
            _, dropped = self._prepared.popitem(last=False)
            self._bytes -= dropped.size
