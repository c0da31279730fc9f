"""One kept connection to the mail server."""

import asyncio
import ssl
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from services.notification.letters import Letter

TIMEOUT = 60.0
"""Seconds the server may take for one answer."""
LIMIT = 90.0
"""Seconds it may take for one mail."""


class Unreachable(Exception):
    """The server cannot be used now; nothing is wrong with the mail."""


class Postponed(Exception):
    """The server did not take this mail now, or never said whether it did."""


class Refused(Exception):
    """The server will never take this mail."""


class Server:
    """The mail server of a URL; used by one event loop.

    `smtp://` is upgraded by STARTTLS when the server offers it, and must be when a password
    is sent; `?tls=required` and `?tls=off` say otherwise. `smtps://` is TLS from the start.
    """

    def __init__(self, url: str, *, local_hostname: str, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps"):
            raise ValueError("the mail server's address begins with smtp:// or smtps://")
        tls = parse_qs(parts.query).get("tls", [""])[-1]
        required = tls == "required" or bool(parts.username and tls != "off")
        self._client = aiosmtplib.SMTP(
            hostname=parts.hostname or "localhost",
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            local_hostname=local_hostname,
            timeout=timeout,
            use_tls=parts.scheme == "smtps",
            start_tls=False if parts.scheme == "smtps" or tls == "off" else required or None,
        )

    async def open(self) -> None:
        """Connect unless connected; raises Unreachable."""
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            raise Unreachable(str(error)) from error

    async def send(self, letter: Letter) -> None:
        """Hand over one mail; returns once the server took it, else raises what came of it."""
        content = letter.content()
        try:
            async with asyncio.timeout(LIMIT):
                await self.open()
                await self._client.sendmail(letter.sender, letter.to, content)
        except aiosmtplib.SMTPSenderRefused as error:
            # The sender is the same for every mail: a wrong setting must not fail them all.
            raise Unreachable(f"{error.code} {error.message}") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _answer(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _answer(error) from error
        except (aiosmtplib.SMTPNotSupported, ValueError) as error:
            raise Refused(str(error)) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            raise Postponed(str(error)) from error

    async def close(self) -> None:
        """Say goodbye, if the line is open."""
        if self._client.is_connected:
            try:
                await self._client.quit()
            except (aiosmtplib.SMTPException, OSError):
                self._client.close()


def _answer(error: aiosmtplib.SMTPResponseException) -> Postponed | Refused:
    kind = Refused if 500 <= error.code < 600 else Postponed
    return kind(f"{error.code} {error.message}")
