"""Pages of signing in."""

from dataclasses import dataclass

from hub.forms import Form
from hub.views.shell import View
from hub.views.ways import OtherWays


@dataclass(frozen=True)
class SignInPage(View):
    """The form that asks for a sign-in link."""

    template = "pages/accounts/sign_in.html"

    form: Form
    next: str
    own_email: str
    """The address of a member who must show again who they are; empty for all others."""
    ways: OtherWays


@dataclass(frozen=True)
class CodePage(View):
    """A mail is on its way, the same words whether or not the address is known; and its code."""

    template = "pages/accounts/code.html"

    form: Form
    email: str
    """Where the mail goes; empty for those who come later to type its code."""


@dataclass(frozen=True)
class ElsewherePage(View):
    """A sign-in link was opened in another browser than the one that asked for it."""

    template = "pages/accounts/elsewhere.html"


@dataclass(frozen=True)
class MailSentPage(View):
    """A mail is on its way; the same words whether or not the address is known."""

    template = "pages/accounts/mail_sent.html"

    title: str
    text: str
    next_step: str


@dataclass(frozen=True)
class UseLinkPage(View):
    """A button that uses the link of a mail; opening the page changes nothing."""

    template = "pages/accounts/use_link.html"

    title: str
    text: str
    action: str
    button: str
    secret: str
