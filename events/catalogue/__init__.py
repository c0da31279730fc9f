"""Every fact and state of the hub, one file a producing service."""

from events.catalogue import (
    calendar,
    knowledge,
    matchmaking,
    membership,
    notification,
    scheduling,
)

__all__ = [
    "calendar",
    "knowledge",
    "matchmaking",
    "membership",
    "notification",
    "scheduling",
]

SERVICES = tuple(__all__)
