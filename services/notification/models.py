"""All tables of notification, for its migrations."""

from services.notification.base import Base
from services.notification.mailbox.models import Mail
from services.notification.messages.models import Announcement, Message
from services.notification.notices.models import Notice
from services.notification.projection import (
    KnownCommunity,
    KnownContact,
    KnownDemoCase,
    KnownGathering,
    KnownOrganisation,
    KnownPost,
    KnownRegistration,
)

__all__ = [
    "Announcement",
    "Base",
    "KnownCommunity",
    "KnownContact",
    "KnownDemoCase",
    "KnownGathering",
    "KnownOrganisation",
    "KnownPost",
    "KnownRegistration",
    "Mail",
    "Message",
    "Notice",
]
