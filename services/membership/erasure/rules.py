"""Pure decisions about erasure: who has to confirm, how long what is kept."""

from collections.abc import Iterable
from datetime import timedelta

from events.catalogue import SERVICES

CHASE_AFTER = timedelta(hours=1)
CHASE_AT_MOST = timedelta(days=1)
ADDRESS_KEPT = timedelta(days=14)
"""How long a receipt may be on its way; after that its address goes without it."""
PENDING_KEPT = timedelta(days=7)
"""How long an account may wait for its confirmation."""
INVITED_KEPT = timedelta(days=90)
"""How long somebody whom an import brought is known without being asked to join."""
GUESTS_KEPT = timedelta(days=760)
"""How long after they last registered a guest is known: longer than their registrations."""


def missing(confirmed: Iterable[str]) -> list[str]:
    """The services that have not confirmed yet."""
    done = set(confirmed)
    return [service for service in SERVICES if service not in done]


def next_chase(chased: int) -> timedelta:
    """How long to wait before services are asked again: an hour, then longer, a day at most."""
    return min(CHASE_AFTER * int(2**chased), CHASE_AT_MOST)
