"""How a service forgets an erased person, says so, and leaves nothing of them on its disk.

Every service has a group `SERVICE.forgetting`. It handles the erasure, and answers in the same
transaction; asked again it forgets again, so that an answer that was lost costs nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from events import outbox
from events.catalogue.membership import ErasureChased, MemberErased
from events.consumer import Handlers
from events.envelope import CATALOGUE, Envelope, Fact, State, unpack
from events.tables import OUTBOX, PARKED
from services.kit.timers import Action, set_timer

Forget = Callable[[Session, str, datetime], None]
"""Takes everything about a contact out of a service's own rows; twice changes nothing."""

AGAIN = "forgetting.again"
SAY_AGAIN = "forgetting.say-again"
SETTLED = timedelta(minutes=15)
"""After this long no request of the person can be under way: a signed identity is shorter."""
FORMER = ""
"""In the place of the id of whoever is not known any more; pages say "a former member"."""
LAST_VERSION = 2**31 - 1
"""Version of a projected state that no state may follow, for whoever is erased."""


@dataclass(frozen=True)
class Forgetting:
    """How one service forgets: its group of handlers and the timers that finish the work."""

    service: str
    forget: Forget
    forgotten: type[Fact]
    """The service's own `MemberForgotten`."""
    compaction_lag: timedelta
    """After this long what was published is published once more: see `say_later`."""

    @property
    def groups(self) -> Mapping[str, Handlers]:
        """The group, by its name."""
        return {self.group: {MemberErased: self._erased, ErasureChased: self._chased}}

    @property
    def group(self) -> str:
        """The name of the group."""
        return f"{self.service}.forgetting"

    @property
    def timers(self) -> Mapping[str, Action]:
        """What has to be done later."""
        return {AGAIN: self._again, SAY_AGAIN: partial(say_again, lag=self.compaction_lag)}

    def _erased(self, session: Session, envelopes: Sequence[Envelope[MemberErased]]) -> None:
        for envelope in envelopes:
            self._answer(session, envelope)

    def _chased(self, session: Session, envelopes: Sequence[Envelope[ErasureChased]]) -> None:
        for envelope in envelopes:
            if self.service in envelope.event.services:
                self._answer(session, envelope)

    def _answer(
        self, session: Session, envelope: Envelope[MemberErased] | Envelope[ErasureChased]
    ) -> None:
        moment, contact_id = datetime.now(UTC), envelope.event.contact_id
        self._again(session, contact_id, moment)
        # A request that was under way may write after this.
        set_timer(session, kind=AGAIN, key=contact_id, due_at=moment + SETTLED)
        answer: dict[str, Any] = {
            "contact_id": contact_id,
            "erasure_id": envelope.event.erasure_id,
        }
        outbox.add(session, self.forgotten(**answer), context=envelope.caused)

    def _again(self, session: Session, contact_id: str, moment: datetime) -> None:
        self.forget(session, contact_id, moment)
        forget_parked(session, contact_id)
        for type, id in _states_since(session, moment):
            say_later(session, type, id, moment + self.compaction_lag)


def forget_parked(session: Session, contact_id: str) -> None:
    """Drop parked states of or about the person; parked facts hold ids alone and stay."""
    connection = session.connection()
    states = select(PARKED.c.id, PARKED.c.key, PARKED.c.value).where(PARKED.c.stream == "state")
    wanted = contact_id.encode()
    gone = [
        row.id
        for row in connection.execute(states)
        if row.key == contact_id or (row.value and wanted in row.value)
    ]
    if gone:
        connection.execute(delete(PARKED).where(PARKED.c.id.in_(gone)))


def say_later(session: Session, type: str, id: str, due_at: datetime) -> None:
    """Publish a state, or its tombstone, once more at that time.

    Kafka never compacts the segment it writes to, and begins a new one only when something is
    appended: without this, the last words about a person could lie beside their tombstone for
    as long as nothing else happens.
    """
    set_timer(session, kind=SAY_AGAIN, key=f"{type}/{id}", due_at=due_at)


def say_again(session: Session, key: str, moment: datetime, *, lag: timedelta) -> None:
    """What the timer does: the same state again, or its tombstone with the next version.

    Not before the first was published for so long: a hub that was down would publish both at
    once, into one segment, which then is never compacted.
    """
    type, _, id = key.partition("/")
    newest = (
        session.connection()
        .execute(
            select(OUTBOX.c.version, OUTBOX.c.payload, OUTBOX.c.published_at)
            .where(OUTBOX.c.key == id, OUTBOX.c.type == type, OUTBOX.c.superseded.is_(False))
            .order_by(OUTBOX.c.version.desc(), OUTBOX.c.seq.desc())
            .limit(1)
        )
        .one()
    )
    said_at = datetime.fromtimestamp(newest.published_at, UTC) if newest.published_at else moment
    if said_at + lag > moment:
        say_later(session, type, id, said_at + lag)
    elif newest.payload is None:
        state = CATALOGUE[type]
        assert issubclass(state, State)
        outbox.bury(session, state, id=id, version=newest.version + 1)
    else:
        outbox.add(session, unpack(type, newest.payload).event)


def _states_since(session: Session, moment: datetime) -> list[tuple[str, str]]:
    """States that this transaction wrote: they are at the end, and have no number yet."""
    rows = session.connection().execute(
        select(OUTBOX.c.type, OUTBOX.c.key)
        .where(
            OUTBOX.c.number.is_(None),
            OUTBOX.c.stream == "state",
            OUTBOX.c.time >= moment.timestamp(),
        )
        .distinct()
    )
    return [(row.type, row.key) for row in rows]
