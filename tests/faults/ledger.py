"""Does the ledger balance? What was committed, what each group handled, what went out."""

import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from events.consumer import Handlers
from events.store import Store
from events.tables import INBOX, OUTBOX, PARKED
from hub.compose import create_services
from tests.flows.people import Mailbox, eventually
from tests.hubs import RunningHub

_PUBLISHED = select(func.count()).where(OUTBOX.c.number.is_not(None))
_HANDLED = select(func.count()).select_from(INBOX)


@dataclass
class Ledger:
    """What is out of balance; all empty when nothing was lost and nothing counts twice."""

    unpublished: list[str] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)

    @property
    def balances(self) -> bool:
        """Whether nothing is amiss."""
        return not (self.unpublished or self.unhandled or self.invented or self.parked)


class Auditor:
    """Looks into all databases of a hub, whatever process runs it."""

    def __init__(self, hub: RunningHub) -> None:
        self._hub = hub
        services = create_services(hub.settings)
        self.stores: dict[str, Store] = {name: made.database for name, made in services.items()}
        self._groups: list[tuple[str, str, Handlers]] = [
            (name, group, handlers)
            for name, made in services.items()
            for group, handlers in made.groups.items()
        ]

    def ledger(self) -> Ledger:
        """The balance as it is now."""
        ledger = Ledger()
        live: dict[str, str] = {}
        known: set[str] = set()
        for store in self.stores.values():
            with store.reader() as session:
                rows = session.connection().execute(
                    select(OUTBOX.c.id, OUTBOX.c.type, OUTBOX.c.number, OUTBOX.c.superseded)
                )
                for row in rows:
                    known.add(row.id)
                    if not row.superseded:
                        live[row.id] = row.type
                    if row.number is None:
                        ledger.unpublished.append(row.id)
        for service, group, handlers in self._groups:
            types = {event.TYPE for event in handlers}
            with self.stores[service].reader() as session:
                connection = session.connection()
                inbox = select(INBOX.c.event_id).where(INBOX.c.group_name == group)
                handled = set(connection.execute(inbox).scalars())
                parked = select(PARKED.c.event_id).where(PARKED.c.group_name == group)
                ledger.parked += connection.execute(parked).scalars()
            due = {id for id, type in live.items() if type in types}
            ledger.unhandled += [f"{group} {live[id]} {id}" for id in due - handled]
            ledger.invented += [f"{group} {id}" for id in handled - known]
        return ledger

    def settles(self, *, patience: float = 60.0) -> None:
        """Wait until the ledger balances; fails when that comes no nearer for `patience` s."""
        ledger = self.ledger()
        seen, since = self._progress(), time.monotonic()
        while not ledger.balances and time.monotonic() - since < patience:
            time.sleep(0.2)
            ledger = self.ledger()
            if (progress := self._progress()) != seen:
                seen, since = progress, time.monotonic()
        assert ledger.balances, ledger

    def _progress(self) -> list[int]:
        counts = []
        for store in self.stores.values():
            with store.reader() as session:
                connection = session.connection()
                for query in (_PUBLISHED, _HANDLED):
                    counts.append(connection.execute(query).scalar_one())
        return counts

    def mails_once(self, emails: set[str]) -> None:
        """Each of these people got exactly one mail."""

        def counted() -> Counter[str]:
            return Counter(mail["to"] for mail in Mailbox(self._hub.url).all())

        def once() -> bool:
            counts = counted()
            return all(number == 1 for to, number in counts.items() if _address(to) in emails) and (
                emails <= {_address(to) for to in counts}
            )

        assert eventually(once, limit=60), [
            (to, number) for to, number in counted().items() if number != 1
        ] or emails - {_address(to) for to in counted()}

    def close(self) -> None:
        """Let go of the databases."""
        for store in self.stores.values():
            store.close()  # type: ignore[attr-defined]


def _address(to: str) -> str:
    return to.rpartition("<")[2].rstrip(">")
