"""Pages of signing in."""

from dataclasses import dataclass

from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class SignInPage(View):
    """The form that asks for a sign-in link."""

    template = "pages/accounts/sign_in.html"

    form: Form
    next: str


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
