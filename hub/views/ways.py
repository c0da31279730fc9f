"""Ways to sign in beside the mail: parts of the pages for signing in and for security."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.shell import View


@dataclass(frozen=True)
class ProviderWay:
    """A provider at which people have accounts that sign them in here."""

    name: str
    label: str


@dataclass(frozen=True)
class OtherWays:
    """How people can sign in here beside the mail."""

    passkeys: bool
    """Whether browsers can use passkeys at this address."""
    providers: Sequence[ProviderWay]


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey of the member."""

    id: str
    label: str
    added: str
    used: str
    """The day; empty when it was never used."""
    backed_up: bool


@dataclass(frozen=True)
class IdentityRow:
    """An account of the member at a provider."""

    id: str
    label: str
    subject: str
    linked: str
    used: str


@dataclass(frozen=True)
class OwnWays:
    """How the member signs in, and what can be added."""

    possible: OtherWays
    passkeys: Sequence[PasskeyRow]
    identities: Sequence[IdentityRow]
    fresh: bool
    """Whether the member has just proved who they are, and so may add something."""


@dataclass(frozen=True)
class ProviderFailedPage(View):
    """Signing in at a provider did not work: why, and what to do."""

    template = "pages/accounts/provider_failed.html"

    title: str
    text: str
    member: bool
    """Whether it was to be linked by somebody who is signed in."""
