"""Pure decisions about accounts: how long links and sessions live, how secrets are kept."""

import hashlib
import secrets
from datetime import timedelta

from services.kit.errors import Conflict, Forbidden
from services.kit.language import N_
from services.membership.accounts.schemas import LinkKind

LINK_LIFETIMES: dict[LinkKind, timedelta] = {
    "confirm": timedelta(hours=24),
    "sign-in": timedelta(minutes=15),
    "stay": timedelta(days=14),
    "invite": timedelta(days=30),
    "check": timedelta(days=180),
    "address": timedelta(hours=24),
    "address-back": timedelta(days=7),
}
SESSION_LIFETIME = timedelta(days=30)
MOST_MAILS = 5
"""Mails with links that anybody can have sent to one address within MAILS_WINDOW."""
MAILS_WINDOW = timedelta(hours=1)
COUNTED: tuple[LinkKind, ...] = ("confirm", "sign-in", "stay")
"""Links that whoever types an address has sent to it."""
MOST_TRIES = 5
"""Codes that may be typed for one link, right or wrong."""


class OpenedElsewhere(Conflict):
    """A sign-in link was opened in another browser than the one that asked for it."""

    title = N_("This is another browser")


class OnTheWayOut(Forbidden):
    """Somebody proved who they are whose account is about to be erased, as they wanted."""

    title = N_("You have left")

    def __init__(self) -> None:
        super().__init__(
            N_(
                "You have left, and your account is about to be erased. A mail to your address "
                "has the link with which you can stay; it may take a few minutes."
            )
        )


def kept(secret: str) -> str:
    """What is stored of a secret; 32 random bytes need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """Six digits to type."""
    return f"{secrets.randbelow(1_000_000):06}"


def kept_code(code: str, link_id: str) -> str:
    """What is stored of a code, so that the same digits look different for each link."""
    return kept(f"{link_id}:{code}")


def forgotten_after(kind: LinkKind) -> timedelta:
    """How long a link's row is there: until it has expired and counts for no limit any more."""
    lifetime = LINK_LIFETIMES[kind]
    return max(lifetime, MAILS_WINDOW) if kind in COUNTED else lifetime
