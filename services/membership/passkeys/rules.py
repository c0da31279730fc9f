"""Pure decisions about passkeys: how long they are asked for, and what a site is."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from services.kit.errors import Conflict, Invalid

CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST_PASSKEYS = 20
TRANSPORTS = ("ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb")


def site_of(origin: str) -> str:
    """The relying party's id: the host of the hub's address."""
    return urlsplit(origin).hostname or ""


def hashed(value: str | bytes) -> str:
    """What is stored of a challenge or a secret."""
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()


def challenge_in(credential: Mapping[str, Any]) -> bytes:
    """The challenge that a browser's answer is about; raises Invalid."""
    try:
        told = json.loads(_bytes(credential["response"]["clientDataJSON"]))
        return _bytes(told["challenge"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Invalid("This is not the answer of a passkey.") from error


def credential_in(credential: Mapping[str, Any]) -> str:
    """Which passkey a browser says to have used; empty when it says nothing of the kind."""
    told = credential.get("id")
    return told if isinstance(told, str) and told.isascii() and told.isprintable() else ""


def named(value: bytes) -> str:
    """Bytes as WebAuthn writes them: base64url without padding."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def transports_in(credential: Mapping[str, Any]) -> list[str]:
    """By which ways the device says it can be reached."""
    told = credential["response"].get("transports")
    return [name for name in TRANSPORTS if isinstance(told, list) and name in told]


def check_room(held: int) -> None:
    """Raise Conflict when there are as many passkeys as one person can have."""
    if held >= MOST_PASSKEYS:
        raise Conflict("You have many passkeys already. Remove one that you do not use first.")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
