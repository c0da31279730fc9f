"""What each page gets: one typed view a page, holding only what its template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from hub.choices import Choice, Group
from hub.forms import Form
from hub.sessions import Person
from services.kit.language import N_, _
from services.kit.times import When


@dataclass(frozen=True)
class Flash:
    """A message shown once, on the page after something was done."""

    code: str
    title: str
    text: str = ""
    tone: str = "good"

    def spoken(self) -> "Flash":
        """The message in the reader's language."""
        return Flash(self.code, _(self.title), _(self.text), self.tone)


@dataclass(frozen=True)
class NavItem:
    """A way to another part of the hub."""

    path: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """What is around every page."""

    hub: str
    path: str
    address: str
    language: str
    direction: str
    languages: Sequence[Choice]
    """Languages to choose from; empty when there is only one."""
    theme: str
    """'light' or 'dark' as chosen here; empty when it follows the device."""
    person: Person | None
    unread: int | None
    navigation: Sequence[NavItem]
    desk: Sequence[NavItem]
    """What this person may do beyond what members do."""
    flash: Flash | None
    live: bool
    development: bool


class View:
    """What one page gets; `template` is the page."""

    template: ClassVar[str]
    kept: ClassVar[bool] = False
    """Whether all visitors see the same for as long as nothing changes."""


@dataclass(frozen=True)
class Pager:
    """Where a reader is in a long list: addresses of the pages before and after, if any."""

    number: int
    previous: str
    next: str


@dataclass(frozen=True)
class Filter:
    """One choice among filters: where it leads, whether it is on, how many it would show."""

    path: str
    label: str
    current: bool
    count: int | None


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
class SearchPage(View):
    """What fits a search, by kind; a part that is away is None."""

    template = "pages/search.html"

    query: str
    events: "Sequence[EventCard] | None"
    posts: "Sequence[PostCard] | None"
    projects: "Sequence[ProjectCard] | None"
    organisations: "Sequence[OrganisationCard] | None"
    people: "Sequence[PersonCard] | None"

    @property
    def found(self) -> int:
        """How many things fit."""
        parts = (self.events, self.posts, self.projects, self.organisations, self.people)
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


@dataclass(frozen=True)
class EventCard:
    """A gathering in one look."""

    slug: str
    title: str
    summary: str
    kind: str
    mode: str
    place: str
    when: When
    repeats: str
    seats: str
    full: bool
    status: str
    topics: Sequence[str]
    language: str
    """Code of the language it is in, such as 'fr'."""
    made_up: bool
    own: str


@dataclass(frozen=True)
class PostCard:
    """A post in one look."""

    slug: str
    title: str
    summary: str
    kind: str
    topics: Sequence[str]
    language: str
    """Code of the language it is written in."""
    published: str
    deadline: str
    closed: bool
    """Whether the deadline is over."""
    made_up: bool


@dataclass(frozen=True)
class ProjectCard:
    """A demonstration project in one look."""

    slug: str
    title: str
    challenge: str
    step: str
    region: str
    terms: Sequence[str]
    made_up: bool


@dataclass(frozen=True)
class Step:
    """One step of the way, with how many projects are at it and the newest of them."""

    title: str
    path: str
    count: int
    items: Sequence[ProjectCard]
    empty: str


@dataclass(frozen=True)
class Numbers:
    """How large the community is: members by side, and the rest."""

    sides: Mapping[str, int]
    members: int
    regions: int
    organisations: int
    coming: int
    past: int
    posts: int


@dataclass(frozen=True)
class HomePage(View):
    """What happens next, new knowledge, demonstration projects; None when a part is away."""

    template = "pages/home.html"
    kept = True

    events: Sequence[EventCard] | None
    posts: Sequence[PostCard] | None
    steps: Sequence[Step] | None
    numbers: Numbers | None


@dataclass(frozen=True)
class EventsPage(View):
    """Coming or past gatherings; `mine` when they are those the reader organises."""

    template = "pages/events/list.html"
    kept = True

    events: Sequence[EventCard]
    filters: Sequence[Filter]
    pager: Pager
    past: bool
    mine: bool
    topic: str
    may_publish: bool
    feed: str
    webcal: str


@dataclass(frozen=True)
class Attendee:
    """Someone registered, as the organiser sees them."""

    name: str
    email: str
    status: str
    position: int | None


@dataclass(frozen=True)
class OwnRegistration:
    """The visitor's own registration."""

    id: str
    status: str
    label: str
    position: int | None


@dataclass(frozen=True)
class EventPage(View):
    """One gathering."""

    template = "pages/events/show.html"
    kept = True

    card: EventCard
    live: str
    """What the page listens to for news of it."""
    description: str
    dates: Sequence[When]
    language: str
    organiser: str
    open: bool
    own: OwnRegistration | None
    can_join: bool
    is_organiser: bool
    attendees: Sequence[Attendee]
    form: Form
    feed: str
    webcal: str


@dataclass(frozen=True)
class EventFormPage(View):
    """The form that publishes a gathering."""

    template = "pages/events/new.html"

    form: Form
    kinds: Sequence[Choice]
    modes: Sequence[Choice]
    rhythms: Sequence[Choice]
    zones: Sequence[Group]
    regions: Sequence[Group]
    languages: Sequence[Choice]


@dataclass(frozen=True)
class EventEditPage(View):
    """The form that changes a gathering."""

    template = "pages/events/edit.html"

    form: Form
    slug: str
    title: str
    zones: Sequence[Group]


@dataclass(frozen=True)
class RegistrationPage(View):
    """A registration reached by the link in a mail."""

    template = "pages/events/registration.html"

    secret: str
    status: str
    label: str
    position: int | None
    event: EventCard


@dataclass(frozen=True)
class PostsPage(View):
    """Posts, newest first."""

    template = "pages/posts/list.html"
    kept = True

    posts: Sequence[PostCard]
    filters: Sequence[Filter]
    pager: Pager
    kind: str
    topic: str
    query: str
    may_write: bool


@dataclass(frozen=True)
class PostPage(View):
    """One post."""

    template = "pages/posts/show.html"
    kept = True

    card: PostCard
    body_html: str
    author: str
    link: str
    members_only: bool


@dataclass(frozen=True)
class PostFormPage(View):
    """The form that publishes a post."""

    template = "pages/posts/new.html"

    form: Form
    kinds: Sequence[Choice]
    languages: Sequence[Choice]
    audiences: Sequence[Choice]


@dataclass(frozen=True)
class ProjectsPage(View):
    """Demonstration projects by step."""

    template = "pages/demo_cases/list.html"
    kept = True

    projects: Sequence[ProjectCard]
    filters: Sequence[Filter]
    pager: Pager
    step: str
    may_propose: bool


@dataclass(frozen=True)
class Match:
    """A person or organisation that fits a project, and why."""

    name: str
    path: str
    kind: str
    percent: int
    reason: str
    covers: Sequence[str]
    missing: Sequence[str]


@dataclass(frozen=True)
class ProjectPage(View):
    """One demonstration project with those who fit it; `matches` is None for visitors."""

    template = "pages/demo_cases/show.html"
    kept = True

    card: ProjectCard
    step: str
    challenge: str
    solution: str
    link: str
    lead: str
    lead_path: str
    matches: Sequence[Match] | None


@dataclass(frozen=True)
class ProjectFormPage(View):
    """The form that proposes a demonstration project."""

    template = "pages/demo_cases/new.html"

    form: Form
    regions: Sequence[Group]
    organisations: Sequence[Choice]


@dataclass(frozen=True)
class PersonCard:
    """A member in one look."""

    name: str
    side: str
    side_label: str
    region: str
    organisation: str
    organisation_path: str
    offered: Sequence[str]
    sought: Sequence[str]


@dataclass(frozen=True)
class MembersPage(View):
    """The members' directory."""

    template = "pages/members/list.html"

    people: Sequence[PersonCard]
    pager: Pager
    query: str


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation in one look."""

    slug: str
    name: str
    side: str
    side_label: str
    region: str
    description: str
    expertise: Sequence[str]
    made_up: bool


@dataclass(frozen=True)
class OrganisationsPage(View):
    """Organisations by name."""

    template = "pages/organisations/list.html"
    kept = True

    organisations: Sequence[OrganisationCard]
    pager: Pager
    query: str


@dataclass(frozen=True)
class OrganisationPage(View):
    """One organisation."""

    template = "pages/organisations/show.html"
    kept = True

    card: OrganisationCard
    description: str


@dataclass(frozen=True)
class JoinPage(View):
    """The form to become a member."""

    template = "pages/accounts/join.html"
    kept = True

    form: Form
    sides: Sequence[Choice]
    regions: Sequence[Group]
    zones: Sequence[Group]
    zone: str
    languages: Sequence[Choice]


@dataclass(frozen=True)
class JoiningClosedPage(View):
    """Nobody can join just now, and whom to ask."""

    template = "pages/accounts/joining_closed.html"
    kept = True

    contact: str


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
class MyRegistration:
    """A gathering the member registered for."""

    id: str
    status: str
    label: str
    position: int | None
    event: EventCard
    open: bool


@dataclass(frozen=True)
class FeedRow:
    """A calendar address the member made."""

    id: str
    label: str
    made: str


@dataclass(frozen=True)
class MePage(View):
    """The member's own page; `new_feed` is shown right after it was made, never again."""

    template = "pages/me.html"

    name: str
    form: Form
    email: str
    roles: Sequence[str]
    coming: Sequence[MyRegistration]
    earlier: Sequence[MyRegistration]
    feeds: Sequence[FeedRow]
    calendar_away: bool
    new_feed: str
    new_webcal: str
    label: Form
    """The form that makes a calendar address."""
    sides: Sequence[Choice]
    regions: Sequence[Group]
    zones: Sequence[Group]
    languages: Sequence[Choice]


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

_FLASHES = (
    Flash(
        "welcome",
        N_("Welcome. Your account is ready."),
        N_("You can now register for events and write."),
    ),
    Flash("signed-in", N_("You are signed in.")),
    Flash("signed-out", N_("You are signed out.")),
    Flash(
        "seat",
        N_("You have a seat."),
        N_("It is in your calendar, and a mail with the details is on its way."),
    ),
    Flash(
        "line",
        N_("You are on the waitlist."),
        N_("When someone cancels, you move up and we tell you at once."),
        "notice",
    ),
    Flash(
        "guest",
        N_("Thank you. Please look into your mail."),
        N_("It says whether you have a seat, and has your own link to cancel."),
    ),
    Flash(
        "cancelled",
        N_("Your registration is cancelled."),
        N_("You can register again while it is open."),
    ),
    Flash(
        "event-published", N_("Your event is published."), N_("Anybody can register from now on.")
    ),
    Flash(
        "event-changed", N_("Your event is changed."), N_("Everybody whom it concerns gets a mail.")
    ),
    Flash("event-cancelled", N_("The event is called off."), N_("Everybody registered is told.")),
    Flash("post-published", N_("Your post is published.")),
    Flash(
        "project-proposed",
        N_("The project is proposed."),
        N_("Below are the people and organisations that fit it, with the reason for each."),
    ),
    Flash("profile-saved", N_("Your profile is saved.")),
    Flash(
        "feed-revoked",
        N_("The calendar address is switched off."),
        N_("Calendars using it stop updating."),
    ),
    Flash(
        "set-up",
        N_("The hub is yours."),
        N_("Publish the first event, or invite others to join."),
    ),
    Flash(
        "set-up-filling",
        N_("The hub is yours, and the example community is moving in."),
        N_("That takes about a minute. Reload this page to see who has come."),
    ),
    Flash("settings-saved", N_("The settings are saved.")),
    Flash("notices-read", N_("All notices are marked as read.")),
)
FLASHES: Mapping[str, Flash] = {flash.code: flash for flash in _FLASHES}
