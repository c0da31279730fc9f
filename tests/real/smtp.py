"""A real SMTP server for tests, which keeps what it is sent and fails when told to."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.real.processes import free_port


class Drop(Enum):
    """When the server cuts the connection over a mail that it has kept."""

    BEFORE_ANSWER = "the mail is kept, but its sender is never told"
    AFTER_ANSWER = "the sender is told 250, and then the line is dead"


@dataclass(frozen=True)
class Delivery:
    """One mail that the server has taken: its envelope and its content."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


class SmtpServer:
    """Listens on a loopback port that stays the same over stop and start.

    `failures` says what goes wrong for a recipient, until the entry is removed: an answer such as
    "451 4.2.1 Mailbox busy" or "550 5.1.1 No such user" to RCPT TO, or a `Drop` after the content.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        """Prepares the port; nothing listens before `start`."""
        self.port = free_port()
        self.deliveries: list[Delivery] = []
        self.failures: dict[str, str | Drop] = {}
        self._controller: Controller | None = None

    @property
    def messages(self) -> list[EmailMessage]:
        """The mails taken so far, oldest first."""
        return [delivery.message for delivery in self.deliveries]

    def clear(self) -> None:
        """Forgets the mails and the failures."""
        self.deliveries.clear()
        self.failures.clear()

    def wait_for(self, count: int, *, timeout: float = 10.0) -> list[EmailMessage]:
        """Waits up to `timeout` seconds until so many mails are there, and gives all."""
        deadline = time.monotonic() + timeout
        while len(self.deliveries) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.deliveries)} of {count} mails after {timeout} s")
            time.sleep(0.01)
        return self.messages

    def start(self) -> None:
        """Starts listening, in a thread of its own."""
        # A controller's event loop ends with it: each start needs a new one.
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Stops listening: a client is refused until the next start."""
        if self._controller is None:
            raise RuntimeError("the mail server does not run")
        self._controller.stop()
        self._controller = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes a recipient, or answers with the failure set for it."""
        failure = self.failures.get(address)
        if isinstance(failure, str):
            return failure
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps the mail, and cuts the line if that is set for one of its recipients."""
        # Line ends as a mailbox has them, not as the wire does.
        content = (envelope.original_content or b"").replace(b"\r\n", b"\n")
        message = message_from_bytes(content, policy=default)
        recipients = tuple(envelope.rcpt_tos)
        self.deliveries.append(Delivery(envelope.mail_from or "", recipients, message))
        drops = {self.failures.get(recipient) for recipient in recipients}
        if Drop.AFTER_ANSWER in drops:
            await server.push("250 OK")
        if drops & set(Drop) and server.transport is not None:
            server.transport.close()
        return "250 OK"
