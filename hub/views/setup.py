"""Pages that set the hub up."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.shell import View


@dataclass(frozen=True)
class SetupPage(View):
    """The first page of a new hub."""

    template = "pages/community/setup.html"

    form: Form
    languages: Sequence[Choice]
    demonstration: bool
    """Whether the hub can be filled with the example community from here."""


@dataclass(frozen=True)
class SetupCodePage(View):
    """Where the owner of a new hub shows that it is theirs."""

    template = "pages/community/setup_code.html"

    form: Form


@dataclass(frozen=True)
class SettingsPage(View):
    """What the hub says about itself, for its administrators to change."""

    template = "pages/community/settings.html"

    form: Form
    languages: Sequence[Choice]
