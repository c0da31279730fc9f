"""The sender: takes queued mail, mints its links, and sends it or keeps it in the mailbox.

Secrets are minted and mails sent outside any transaction. Between the server's 250 and our
commit a crash makes the same mail go out once more, with the same Message-ID; SMTP allows no
better.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from itertools import count
from typing import Any

import httpx
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from events.envelope import new_id
from events.seams import seam
from services.kit.db import Database
from services.kit.errors import Busy
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.notification import letters
from services.notification.letters import Letter, Undeliverable
from services.notification.mailbox import service as mailbox
from services.notification.messages import queue, service
from services.notification.messages.models import Message
from services.notification.messages.rules import BY_KIND, RECEIPT, Known, Status, decide
from services.notification.projection import KnownContact, is_gone, read_lock
from services.notification.smtp import Postponed, Refused, Server, Unreachable

log = structlog.get_logger()

LEASE = timedelta(seconds=180)
LONGEST = timedelta(seconds=120)
"""What one mail can take, its link included; none is begun with less lease left."""
BATCH = 20
POLL = 0.5
"""Seconds between looks at the queue when nothing wakes the sender."""
LONGEST_PAUSE = 30.0
"""Seconds to the next try, at most, while the mail server is away."""

PAGES = {
    "confirm": "confirm",
    "sign-in": "sign-in/use",
    "stay": "stay",
    "invite": "join/invited",
    "check": "still-right",
    "address": "address",
    "address-back": "address/back",
}
"""The page on which a link of each kind is used."""

_ADDRESS = re.compile(r"[^\s<>:;,]+@[^\s<>:;,]+")


class Pointless(Exception):
    """The mail need not be sent any more."""


class Sender:
    """Sends a service's mail in a thread of its own; several may run on one database."""

    def __init__(self, database: Database, settings: Settings, peers: Peers) -> None:
        self._db = database
        self._settings = settings
        self._peers = peers
        self._news = threading.Event()

    def wake(self) -> None:
        """There may be new mail; safe from any thread."""
        self._news.set()

    def run(self, stop: threading.Event) -> None:
        """Send until stopped; a database that is away is waited for."""
        failures = 0
        while not stop.is_set():
            try:
                with self._seat() as holder:
                    asyncio.run(self._work(self._shift(holder, stop)))
                failures = 0
            except Exception as error:
                failures += 1
                log.warning("sender_failed", error=type(error).__name__)
                stop.wait(min(5.0, 0.1 * 2 ** min(failures, 6)))

    def step(self) -> int:
        """Send the next few mails and hang up; returns how many were looked at."""

        async def once(shift: Shift) -> int:
            try:
                return await shift.step()
            finally:
                await shift.close()

        with self._seat() as holder:
            return asyncio.run(once(self._shift(holder, threading.Event())))

    @contextmanager
    def _seat(self) -> Iterator[str]:
        """A name for what this sender leases.

        A seat is free when its holder is dead, so what that one held need not wait for the end
        of its lease.
        """
        for number in count():
            seat = f"sender.{number}"
            with self._db.exclusive(seat) as free:
                if free:
                    with self._db.unit_of_work() as session:
                        queue.free(session, seat=seat)
                    yield f"{seat}:{new_id()}"
                    return

    def _shift(self, holder: str, stop: threading.Event) -> "Shift":
        server = None
        if self._settings.smtp_url:
            _, sender = parseaddr(self._settings.mail_from)
            server = Server(self._settings.smtp_url, local_hostname=sender.rpartition("@")[2])
        return Shift(self._db, self._settings, self._peers, server, holder, stop)

    async def _work(self, shift: "Shift") -> None:
        pauses = 0
        try:
            while not shift.stop.is_set():
                self._news.clear()
                try:
                    busy = await shift.step()
                    pauses = 0
                except Unreachable as error:
                    pauses += 1
                    log.warning("mail_server_unreachable", error=_anonymous(str(error)))
                    pause = min(LONGEST_PAUSE, 0.25 * 2 ** min(pauses, 8))
                    await asyncio.to_thread(shift.stop.wait, pause)
                    continue
                if not busy and not await asyncio.to_thread(self._news.wait, POLL):
                    # Nothing to do for a while: servers dislike idle lines, and drop them.
                    await shift.close()
        finally:
            await shift.close()


@dataclass
class Shift:
    """One run of a sender: what it leases by and the line it sends on."""

    db: Database
    settings: Settings
    peers: Peers
    server: Server | None
    holder: str
    stop: threading.Event

    async def step(self) -> int:
        """Send the next few mails; returns how many were looked at.

        Raises Unreachable when there is mail and the server cannot be used.
        """
        moment = datetime.now(UTC)
        with self.db.reader() as session:
            due = queue.has_due(session, moment=moment)
            late = queue.has_expired(session, moment=moment)
        if late:
            with self.db.unit_of_work() as session:
                queue.expire(session, moment=moment)
        if not due:
            return 0
        if self.server:
            await self.server.open()
        elif not self.settings.development:
            raise Unreachable("no mail server is configured (HUB_SMTP_URL)")
        with self.db.unit_of_work() as session:
            taken = queue.take(session, holder=self.holder, moment=moment, lease=LEASE, most=BATCH)
        seam("sender.taken")
        left = list(taken)
        try:
            while left and not self.stop.is_set():
                await self._bring_to_end(left[0])
                del left[0]
        finally:
            if left:
                with self.db.unit_of_work() as session:
                    queue.give_back(session, left, holder=self.holder)
        return len(taken)

    async def close(self) -> None:
        """Hang up."""
        if self.server:
            await self.server.close()

    async def _bring_to_end(self, message: Message) -> None:
        """Send one mail, postpone it, or end it otherwise; raises Unreachable."""
        if not self._has_time_for(message):
            return
        try:
            letter = await self._letter(message)
            if letter:
                await self._send(message, letter)
        except (Unreachable, OperationalError, InterfaceError, Busy):
            raise
        except Pointless as reason:
            self._end(message, "dropped", str(reason))
        except (Refused, Undeliverable) as reason:
            log.warning("mail_refused", message=message.id, kind=message.kind)
            self._end(message, "failed", str(reason))
        except (Postponed, httpx.HTTPError) as reason:
            log.info("mail_postponed", message=message.id, kind=message.kind)
            self._postpone(message, str(reason))
        except Exception as error:
            # A mistake of ours must not lose the mail, nor stop the others.
            log.error("mail_failed", message=message.id, kind=message.kind, exc_info=error)
            self._postpone(message, type(error).__name__)

    def _has_time_for(self, message: Message) -> bool:
        """Whether the message is held long enough to be sent, after renewing if need be."""
        moment = datetime.now(UTC)
        if message.leased_until and message.leased_until - moment > LONGEST:
            return True
        with self.db.unit_of_work() as session:
            return queue.renew(session, message, holder=self.holder, moment=moment, lease=LEASE)

    async def _letter(self, message: Message) -> Letter | None:
        """The mail with its link; None when it must not be sent (now)."""
        with self.db.reader() as session:
            known = service.known_to(session, [message])[message.id]
        moment = datetime.now(UTC)
        if decide(message, known, moment).status != "queued":
            with self.db.unit_of_work() as session:
                service.reconsider(session, message.id, holder=self.holder, moment=moment)
            return None
        if BY_KIND[message.kind].link == "receipt":
            known = await self._receipt(message, known)
        action, code, to = await self._action(message, known)
        if to and known.contact:
            # The copy is of this mail alone: the person is known by the other address. Whose this
            # one is nobody has proved, so that a name in it would be words to a stranger.
            to_whom = {**known.contact.model_dump(), "email": to, "name": ""}
            known = replace(known, contact=KnownContact(**to_whom))
        return letters.compose(
            message, known, settings=self.settings, action=action, code=code, moment=moment
        )

    async def _action(self, message: Message, known: Known) -> tuple[str, str, str]:
        """The address behind the mail's button, the code that does the same, if any, and where
        the mail goes when that is another address than the account's.

        Secrets in them are minted now.
        """
        match BY_KIND[message.kind].link:
            case "account":
                minted = await self._mint("membership", f"/links/{message.data['link_id']}/mint")
                page = PAGES[minted["kind"]]
                link = f"{self.settings.address}/{page}?secret={minted['secret']}"
                return link, minted["code"], minted["to"]
            case "registration":
                id = message.data["registration_id"]
                minted = await self._mint("scheduling", f"/registrations/{id}/link")
                return f"{self.settings.address}/registrations/{minted['secret']}", "", ""
            case "ballot":
                minted = await self._mint(
                    "scheduling", f"/ballots/{message.data['ballot_id']}/link"
                )
                return f"{self.settings.address}/polls/{minted['secret']}", "", ""
            case "receipt" | None:
                return self.settings.address + letters.path_of(message, known), "", ""

    async def _receipt(self, message: Message, known: Known) -> Known:
        """Whom a receipt is for, known for as long as it takes to send it."""
        told = await self._mint("membership", f"/erasures/{message.contact_id}/receipt")
        whom = KnownContact(
            id=message.contact_id,
            version=0,
            email=told["email"],
            language=told["language"],
            time_zone=told["time_zone"],
        )
        given = tuple(
            (each["service"], datetime.fromisoformat(each["confirmed_at"]))
            for each in told["confirmations"]
        )
        return replace(known, contact=whom, receipt=given)

    async def _mint(self, owner: str, path: str) -> dict[str, Any]:
        async with self.peers.client(owner) as client:
            answer = await client.post(path)
        if answer.status_code in (404, 410):
            raise Pointless("its link was used, is over or does not exist")
        if not answer.is_success:
            raise Postponed(f"{owner} answered {answer.status_code}")
        minted: dict[str, Any] = answer.json()
        return minted

    async def _send(self, message: Message, letter: Letter) -> None:
        if self.server is None:
            self._sent(message, letter)
            return None
        await self.server.send(letter)
        seam("sender.sent")
        while True:
            try:
                return self._sent(message)
            except (OperationalError, InterfaceError, Busy):
                # The mail is out: only writing that down is tried again, not the mail.
                if self.stop.is_set():
                    raise
                await asyncio.sleep(1)

    def _sent(self, message: Message, kept: Letter | None = None) -> None:
        moment = datetime.now(UTC)
        with self.db.unit_of_work() as session:
            if kept:
                read_lock(session)
            held = queue.sent(session, message, holder=self.holder, moment=moment)
            # Whoever is gone by now has had their mails removed already.
            if held and kept and not is_gone(session, message.contact_id):
                mailbox.keep(
                    session,
                    kept,
                    contact_id=message.contact_id,
                    moment=moment,
                    named=message.kind != RECEIPT,
                )
        if not held:
            log.warning("mail_no_longer_held", message=message.id)

    def _end(self, message: Message, status: Status, reason: str) -> None:
        with self.db.unit_of_work() as session:
            queue.end(
                session,
                message,
                holder=self.holder,
                moment=datetime.now(UTC),
                status=status,
                reason=_anonymous(reason),
            )

    def _postpone(self, message: Message, reason: str) -> None:
        with self.db.unit_of_work() as session:
            queue.postpone(
                session,
                message,
                holder=self.holder,
                moment=datetime.now(UTC),
                reason=_anonymous(reason),
            )


def _anonymous(reason: str) -> str:
    """A server's words without the addresses in them."""
    return _ADDRESS.sub("(address)", reason)
