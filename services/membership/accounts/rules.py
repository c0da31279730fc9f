"""Pure decisions about accounts: how long links and sessions live, how secrets are kept."""

import hashlib
from datetime import timedelta

from services.membership.accounts.schemas import LinkKind

LINK_LIFETIMES: dict[LinkKind, timedelta] = {
    "confirm": timedelta(hours=24),
    "sign-in": timedelta(minutes=15),
}
SESSION_LIFETIME = timedelta(days=30)


def kept(secret: str) -> str:
    """What is stored of a secret; 32 random bytes need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
