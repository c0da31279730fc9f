"""Pages about the hub itself, search and errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.views.cards import EventCard, OrganisationCard, PersonCard, PostCard, ProjectCard
from hub.views.shell import View
from services.kit.language import N_


@dataclass(frozen=True)
class AboutPage(View):
    """The rules of the community."""

    template = "pages/about.html"
    kept = True


@dataclass(frozen=True)
class PrivacyPage(View):
    """What is done with people's data, and who answers for it."""

    template = "pages/privacy.html"
    kept = True

    controller: str
    controller_email: str
    terms: Sequence[str]
    """How long what is kept, a sentence each."""


@dataclass(frozen=True)
class AccessibilityPage(View):
    """How accessible the hub is, and whom to tell of barriers."""

    template = "pages/accessibility.html"
    kept = True

    contact: str


@dataclass(frozen=True)
class ImprintPage(View):
    """Who runs the hub, and who pays for it."""

    template = "pages/imprint.html"
    kept = True

    imprint: str
    funding: str
    controller: str
    controller_email: str


@dataclass(frozen=True)
class Operation:
    """One thing a program can ask of a service."""

    method: str
    path: str
    summary: str


@dataclass(frozen=True)
class ServiceApi:
    """What one service offers to programs; `operations` is None when it is away."""

    name: str
    document: str
    operations: Sequence[Operation] | None


@dataclass(frozen=True)
class ApiPage(View):
    """What programs can ask and subscribe to."""

    template = "pages/api.html"

    services: Sequence[ServiceApi]
    feeds: Sequence[str]


@dataclass(frozen=True)
class SessionLine:
    """A session of an agenda among what was found."""

    path: str
    title: str
    language: str
    about: str


@dataclass(frozen=True)
class SearchPage(View):
    """What fits a search, by kind; a part that is away is None."""

    template = "pages/search.html"

    query: str
    events: Sequence[EventCard] | None
    sessions: Sequence[SessionLine] | None
    posts: Sequence[PostCard] | None
    projects: Sequence[ProjectCard] | None
    organisations: Sequence[OrganisationCard] | None
    people: Sequence[PersonCard] | None

    @property
    def found(self) -> int:
        """How many things fit."""
        parts = (
            self.events, self.sessions, self.posts, self.projects, self.organisations, self.people,
        )  # fmt: skip
        return sum(len(part or ()) for part in parts)


@dataclass(frozen=True)
class ErrorPage(View):
    """Something went wrong, and what to do now."""

    template = "pages/error.html"

    status: int
    title: str
    detail: str
    help: str
    reference: str
    retry: str
    """The address to try again, when that can help."""


HELP: Mapping[int, str] = {
    400: N_("Go back, check what you entered and send it again."),
    403: N_("If you think you should be able to do this, ask a coordinator of the hub."),
    404: N_("The address may have a typing error, or what was here has been taken away."),
    409: N_("Go back and reload the page to see how things stand now."),
    410: N_("Links in mails work once and for a limited time. You can ask for a new one."),
    413: N_("Send less at a time: shorten long texts, or leave out pasted pictures."),
    422: N_("Go back, check what you entered and send it again."),
    429: N_("Wait a minute, then try again."),
    500: N_("It is not your fault. We have noted it; please try again in a few minutes."),
    503: N_("Nothing is lost. Please try again in a minute."),
}
"""What to do about an error, by its status."""
