"""What each page gets: one typed view a page, holding only what its template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.sessions import Person
from hub.times import When


@dataclass(frozen=True)
class Flash:
    """A message shown once, on the page after something was done."""

    code: str
    title: str
    text: str = ""
    tone: str = "good"


@dataclass(frozen=True)
class Shell:
    """What is around every page."""

    hub: str
    path: str
    address: str
    person: Person | None
    unread: int | None
    flash: Flash | None
    development: bool


@dataclass(frozen=True)
class ErrorPage:
    """Something went wrong, and what to do now."""

    status: int
    title: str
    detail: str
    help: str
    reference: str


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
    published: str
    deadline: str
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
class HomePage:
    """What happens next, new knowledge, demonstration projects; None when a part is away."""

    events: Sequence[EventCard] | None
    posts: Sequence[PostCard] | None
    projects: Sequence[ProjectCard] | None


@dataclass(frozen=True)
class EventsPage:
    """Coming or past gatherings."""

    events: Sequence[EventCard]
    past: bool
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
class EventPage:
    """One gathering."""

    card: EventCard
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
class EventFormPage:
    """The form that publishes a gathering."""

    form: Form
    kinds: Sequence[Choice]
    modes: Sequence[Choice]
    zones: Sequence[Group]
    regions: Sequence[Group]
    languages: Sequence[Choice]


@dataclass(frozen=True)
class EventEditPage:
    """The form that changes a gathering."""

    form: Form
    slug: str
    title: str
    zones: Sequence[Group]


@dataclass(frozen=True)
class RegistrationPage:
    """A registration reached by the link in a mail."""

    secret: str
    status: str
    label: str
    position: int | None
    event: EventCard


@dataclass(frozen=True)
class PostsPage:
    """Posts, newest first."""

    posts: Sequence[PostCard]
    kind: str
    topic: str
    query: str
    kinds: Sequence[Choice]
    may_write: bool
    shown_most: bool


@dataclass(frozen=True)
class PostPage:
    """One post."""

    card: PostCard
    body_html: str
    author: str
    link: str
    members_only: bool


@dataclass(frozen=True)
class PostFormPage:
    """The form that publishes a post."""

    form: Form
    kinds: Sequence[Choice]
    languages: Sequence[Choice]
    audiences: Sequence[Choice]


@dataclass(frozen=True)
class ProjectsPage:
    """Demonstration projects by step."""

    projects: Sequence[ProjectCard]
    step: str
    steps: Sequence[Choice]
    may_propose: bool
    shown_most: bool


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
class ProjectPage:
    """One demonstration project with those who fit it; `matches` is None for visitors."""

    card: ProjectCard
    challenge: str
    solution: str
    link: str
    lead: str
    lead_path: str
    matches: Sequence[Match] | None


@dataclass(frozen=True)
class ProjectFormPage:
    """The form that proposes a demonstration project."""

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
class MembersPage:
    """The members' directory."""

    people: Sequence[PersonCard]
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
class OrganisationsPage:
    """Organisations by name."""

    organisations: Sequence[OrganisationCard]
    query: str
    shown_most: bool


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation."""

    card: OrganisationCard
    description: str


@dataclass(frozen=True)
class JoinPage:
    """The form to become a member."""

    form: Form
    sides: Sequence[Choice]
    regions: Sequence[Group]
    zones: Sequence[Group]
    zone: str
    languages: Sequence[Choice]
    organisations: Sequence[str]


@dataclass(frozen=True)
class SignInPage:
    """The form that asks for a sign-in link."""

    form: Form
    next: str


@dataclass(frozen=True)
class MailSentPage:
    """A mail is on its way; the same words whether or not the address is known."""

    title: str
    text: str
    next_step: str


@dataclass(frozen=True)
class UseLinkPage:
    """A button that uses the link of a mail; opening the page changes nothing."""

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
class InboxPage:
    """The member's notices, newest first."""

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
class MePage:
    """The member's own page; `new_feed` is shown right after it was made, never again."""

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
    label_error: str
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
class MailboxPage:
    """All mails a development hub would have sent, newest first."""

    mails: Sequence[MailRow]


_FLASHES = (
    Flash(
        "welcome", "Welcome. Your account is ready.", "You can now register for events and write."
    ),
    Flash("signed-in", "You are signed in."),
    Flash("signed-out", "You are signed out."),
    Flash(
        "seat",
        "You have a seat.",
        "It is in your calendar, and a mail with the details is on its way.",
    ),
    Flash(
        "line",
        "You are on the waitlist.",
        "When someone cancels, you move up and we tell you at once.",
        "notice",
    ),
    Flash(
        "guest",
        "Thank you. Please look into your mail.",
        "It says whether you have a seat, and has your own link to cancel.",
    ),
    Flash(
        "cancelled", "Your registration is cancelled.", "You can register again while it is open."
    ),
    Flash("event-published", "Your event is published.", "Anybody can register from now on."),
    Flash("event-changed", "Your event is changed.", "Everybody whom it concerns gets a mail."),
    Flash("event-cancelled", "The event is called off.", "Everybody registered is told."),
    Flash("post-published", "Your post is published."),
    Flash(
        "project-proposed",
        "The project is proposed.",
        "Below are the people and organisations that fit it, with the reason for each.",
    ),
    Flash("profile-saved", "Your profile is saved."),
    Flash(
        "feed-revoked", "The calendar address is switched off.", "Calendars using it stop updating."
    ),
    Flash("notices-read", "All notices are marked as read."),
)
FLASHES: Mapping[str, Flash] = {flash.code: flash for flash in _FLASHES}
