"""Pages of notices and mails."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.shell import View


@dataclass(frozen=True)
class NoticeRow:
    """One notice of the inbox."""

    id: str
    title: str
    body: str
    path: str
    made: str
    read: bool


@dataclass(frozen=True)
class Bell(View):
    """The way to the inbox with the number of unread notices: a part of every member's page."""

    template = "pages/bell.html"

    unread: int


@dataclass(frozen=True)
class InboxPage(View):
    """The member's notices, newest first."""

    template = "pages/inbox.html"

    notices: Sequence[NoticeRow]
    unread: int


@dataclass(frozen=True)
class MailRow:
    """A mail in the mailbox of a development hub."""

    message_id: str
    to: str
    subject: str
    text: str
    links: Sequence[str]
    made: str
    has_html: bool


@dataclass(frozen=True)
class MailboxPage(View):
    """All mails a development hub would have sent, newest first."""

    template = "pages/mailbox.html"

    mails: Sequence[MailRow]
