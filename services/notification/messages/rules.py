"""Who is told what, by which channel, and when it is too late: one table and pure decisions."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from events.catalogue.knowledge import PostPublished
from events.catalogue.matchmaking import MatchesFound
from events.catalogue.membership import (
    AddressChangeAsked,
    AddressChanged,
    AddressTaken,
    ErasureCompleted,
    IdentityLinked,
    IdentityUnlinked,
    JoinRepeated,
    MemberConfirmed,
    MemberInvited,
    MemberLeaving,
    MemberRegistered,
    MemberReinstated,
    MemberSuspended,
    PasskeyAdded,
    PasskeyRemoved,
    ProfileDoubted,
    RepresentationAsked,
    RepresentationDecided,
    SignInRequested,
)
from events.catalogue.notification import Channel
from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringFinished,
    GatheringInvited,
    GatheringPostponed,
    GatheringPublished,
    GatheringReminded,
    MaterialsPublished,
    OccurrenceCancelled,
    OccurrenceChanged,
    PollClosed,
    PollInvited,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationHeld,
    RegistrationLapsed,
    RegistrationOffered,
    RegistrationRequested,
    RegistrationWaitlisted,
    WaitlistPromoted,
)
from events.envelope import Fact
from services.notification.messages.models import Message
from services.notification.projection import (
    ACTIVE,
    KnownContact,
    KnownDemoCase,
    KnownGathering,
    KnownOrganisation,
    KnownPoll,
    KnownPost,
    KnownRegistration,
)

To = Literal[
    "person",
    "erased",
    "organiser",
    "author",
    "proposer",
    "matched",
    "deciders",
    "registered",
    "registered before",
    "seated",
]
Need = Literal[
    "contact",
    "member",
    "gathering",
    "changed gathering",
    "post",
    "demo case",
    "organisation",
    "poll",
]
Link = Literal["account", "registration", "ballot", "receipt"]
Status = Literal["waiting", "queued", "sent", "expired", "dropped", "failed"]

BOTH: tuple[Channel, ...] = ("inbox", "mail")
MAIL: tuple[Channel, ...] = ("mail",)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)
MONTH = timedelta(days=30)

_NAMESPACE = uuid.UUID("5a3c2f5e-9d0b-4f0e-8f5c-6f6f0c9c7d11")


@dataclass(frozen=True)
class Rule:
    """What one kind of fact tells one kind of recipient; `kind` also names its template."""

    kind: str
    fact: type[Fact]
    to: To
    channels: tuple[Channel, ...]
    needs: tuple[Need, ...]
    path: str = ""
    """The page it leads to; empty when only a secret link leads on."""
    link: Link | None = None
    """A link with a secret, minted when the mail is sent, that leads there instead."""
    valid_for: timedelta = WEEK
    urgent: bool = False
    announces: bool = False
    """Tells of a new thing; one that is made up for a demonstration announces itself to nobody."""

    @property
    def fans_out(self) -> bool:
        """Whether the recipients are known by their registrations, not named by the fact."""
        return self.to in ("registered", "registered before", "seated")


RULES = (
    Rule("member-registered", MemberRegistered, "person", MAIL, ("contact",),
         link="account", valid_for=DAY, urgent=True),
    Rule("join-repeated", JoinRepeated, "person", MAIL, ("contact",),
         link="account", valid_for=QUARTER, urgent=True),
    Rule("sign-in-requested", SignInRequested, "person", MAIL, ("contact",),
         link="account", valid_for=QUARTER, urgent=True),
    Rule("member-leaving", MemberLeaving, "person", MAIL, ("contact",),
         link="account", valid_for=FORTNIGHT, urgent=True),
    Rule("erasure-completed", ErasureCompleted, "erased", MAIL, (), "/",
         link="receipt", valid_for=FORTNIGHT),
    Rule("member-invited", MemberInvited, "person", MAIL, ("contact",),
         link="account", valid_for=MONTH),
    Rule("profile-doubted", ProfileDoubted, "person", MAIL, ("member",),
         link="account", valid_for=MONTH),
    Rule("address-change-asked", AddressChangeAsked, "person", MAIL, ("member",),
         link="account", valid_for=DAY, urgent=True),
    Rule("address-changed", AddressChanged, "person", MAIL, ("member",),
         link="account", valid_for=WEEK, urgent=True),
    Rule("address-taken", AddressTaken, "person", MAIL, ("contact",), "/sign-in",
         valid_for=DAY),
    Rule("member-confirmed", MemberConfirmed, "person", BOTH, ("member",), "/me"),
    Rule("passkey-added", PasskeyAdded, "person", BOTH, ("contact",), "/me/security", urgent=True),
    Rule("passkey-removed", PasskeyRemoved, "person", BOTH, ("contact",), "/me/security"),
    Rule("identity-linked", IdentityLinked, "person", BOTH, ("contact",), "/me/security",
         urgent=True),
    Rule("identity-unlinked", IdentityUnlinked, "person", BOTH, ("contact",), "/me/security"),
    Rule("representation-asked", RepresentationAsked, "deciders", BOTH,
         ("member", "organisation"), "/organisations/{slug}/people"),
    Rule("representation-decided", RepresentationDecided, "person", BOTH,
         ("member", "organisation"), "/organisations/{slug}"),
    Rule("member-suspended", MemberSuspended, "person", MAIL, ("contact",), "/imprint"),
    Rule("member-reinstated", MemberReinstated, "person", BOTH, ("member",), "/sign-in"),
    Rule("gathering-published", GatheringPublished, "organiser", BOTH,
         ("contact", "gathering"), "/events/{slug}", announces=True),
    Rule("gathering-changed", GatheringChanged, "registered before", BOTH,
         ("contact", "changed gathering"), "/events/{slug}", link="registration"),
    Rule("gathering-postponed", GatheringPostponed, "registered", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration"),
    Rule("occurrence-changed", OccurrenceChanged, "registered before", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration"),
    Rule("occurrence-cancelled", OccurrenceCancelled, "registered", BOTH,
         ("contact", "gathering"), "/events/{slug}"),
    Rule("gathering-cancelled", GatheringCancelled, "registered", BOTH,
         ("contact", "gathering"), "/events/{slug}"),
    Rule("registration-held", RegistrationHeld, "person", MAIL,
         ("contact", "gathering"), link="registration", valid_for=DAY, urgent=True),
    Rule("registration-requested", RegistrationRequested, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration"),
    # After the person's: who organises it and asks hears as one who asks.
    Rule("registration-asked", RegistrationRequested, "organiser", BOTH,
         ("member", "gathering"), "/organise/{slug}/registration"),
    Rule("registration-declined", RegistrationDeclined, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}"),
    Rule("registration-offered", RegistrationOffered, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration", urgent=True),
    Rule("registration-lapsed", RegistrationLapsed, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}"),
    Rule("registration-confirmed", RegistrationConfirmed, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration"),
    Rule("registration-waitlisted", RegistrationWaitlisted, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration"),
    Rule("waitlist-promoted", WaitlistPromoted, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration"),
    Rule("registration-cancelled", RegistrationCancelled, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}"),
    Rule("gathering-reminded", GatheringReminded, "seated", BOTH,
         ("contact", "gathering"), "/events/{slug}", link="registration", valid_for=DAY,
         announces=True),
    Rule("feedback-asked", GatheringFinished, "seated", BOTH,
         ("contact", "gathering"), "/events/{slug}/feedback", link="registration",
         announces=True),
    Rule("materials-published", MaterialsPublished, "seated", BOTH,
         ("contact", "gathering"), "/events/{slug}/materials", link="registration"),
    Rule("gathering-invited", GatheringInvited, "person", BOTH,
         ("contact", "gathering"), "/events/{slug}", valid_for=FORTNIGHT),
    Rule("poll-invited", PollInvited, "person", BOTH,
         ("contact", "poll"), "/polls/{slug}/vote", link="ballot", valid_for=FORTNIGHT),
    Rule("poll-closed", PollClosed, "organiser", BOTH,
         ("contact", "poll"), "/polls/{slug}/results"),
    Rule("post-published", PostPublished, "author", BOTH,
         ("contact", "post"), "/posts/{slug}", announces=True),
    Rule("matches-found", MatchesFound, "proposer", BOTH,
         ("contact", "demo case"), "/demo-cases/{slug}", announces=True),
    # After the proposer's: who is both gets the proposer's only.
    Rule("match-suggested", MatchesFound, "matched", BOTH,
         ("contact", "demo case"), "/demo-cases/{slug}", announces=True),
)  # fmt: skip

BY_KIND = {rule.kind: rule for rule in RULES}
_ABOUT = {
    "gathering": "gathering_id",
    "changed gathering": "gathering_id",
    "post": "post_id",
    "demo case": "demo_case_id",
    "organisation": "organisation_id",
    "poll": "poll_id",
}
RECEIPT = "erasure-completed"
_NAMED = {
    # Nobody knows who that was: where it goes is asked when it is sent.
    "erased": "erasure_id",
    "person": "contact_id",
    "organiser": "organiser_id",
    "author": "author_id",
    "proposer": "proposer_id",
}


@dataclass(frozen=True)
class Known:
    """What the directory has of the things one message speaks of."""

    contact: KnownContact | None = None
    gathering: KnownGathering | None = None
    registration: KnownRegistration | None = None
    post: KnownPost | None = None
    demo_case: KnownDemoCase | None = None
    organisation: KnownOrganisation | None = None
    poll: KnownPoll | None = None
    community: str = ""
    """What the hub is called; empty while it has not said so."""
    receipt: tuple[tuple[str, datetime], ...] = ()
    """Who has forgotten the person and when, for the receipt of an erasure."""
    languages: tuple[str, ...] = ()
    """Languages that the hub offers; empty while it has not said so, which means all."""

    @property
    def slug(self) -> str:
        """The address part of the thing's page."""
        thing = self.gathering or self.post or self.demo_case or self.organisation or self.poll
        return thing.slug if thing else ""


class Decision(NamedTuple):
    """What becomes of a message now, and why when it is not sent."""

    status: Status
    reason: str = ""


@dataclass(frozen=True)
class Told:
    """A fact as the ledger keeps it: when it happened, and what it led from."""

    event_id: str
    data: dict[str, Any] = field(hash=False)
    happened_at: datetime
    correlationid: str
    traceparent: str | None


def message_id(event_id: str, contact_id: str, channel: Channel) -> str:
    """The same id for the same event, person and channel, always (UUIDv5, RFC 9562)."""
    return str(uuid.uuid5(_NAMESPACE, f"{event_id}/{contact_id}/{channel}"))


def named(rule: Rule, data: dict[str, Any]) -> list[str]:
    """The people whom the fact itself names."""
    if rule.to == "matched":
        return list(data["contact_ids"])
    if rule.to == "deciders":
        return list(data["decider_ids"])
    return [data[_NAMED[rule.to]]]


def about(rule: Rule, data: dict[str, Any]) -> str | None:
    """Id of the thing the message speaks of."""
    return next((data[_ABOUT[need]] for need in rule.needs if need in _ABOUT), None)


def has_left(registration: KnownRegistration) -> bool:
    """Whether the person gave up the seat or the place in line."""
    return registration.gone or registration.status not in ACTIVE


def comes_on(rule: Rule, registration: KnownRegistration, data: dict[str, Any]) -> bool:
    """Whether what is told of one date, or of it and all later ones, is of theirs."""
    told = data.get("occurrence")
    if registration.dates is None or not told:
        return True
    return any(
        (day["occurrence"] == told or (data.get("following") and day["occurrence"] > told))
        and (rule.to != "seated" or day["status"] == "confirmed")
        for day in registration.dates
    )


def was_registered(rule: Rule, registration: KnownRegistration, happened_at: datetime) -> bool:
    """Whether this registration concerns someone whom the fact is for.

    Those who registered after a change saw it; a cancellation is for everybody. Who gave up
    a seat need not hear of either.
    """
    if has_left(registration):
        return False
    at = registration.revised_at
    if rule.fact is GatheringReminded and (at is None or at > happened_at):
        # Who registers for what is near knows that it is.
        return False
    if rule.to == "seated":
        return registration.status == "confirmed"
    return rule.to == "registered" or (at is not None and at <= happened_at)


def messages_for(rule: Rule, told: Told, contact_id: str, **more: str) -> list[Message]:
    """One message a channel for one person, undecided; `more` is added to its data.

    Those who decide about somebody keep no trace of whom: that is shown where they decide.
    """
    data = {name: value for name, value in told.data.items() if not _is_of_others(rule, name)}
    return [
        Message(
            id=message_id(told.event_id, contact_id, channel),
            event_id=told.event_id,
            contact_id=contact_id,
            channel=channel,
            kind=rule.kind,
            about_id=about(rule, told.data),
            data={**data, **more},
            urgent=rule.urgent,
            happened_at=told.happened_at,
            expires_at=told.happened_at + rule.valid_for,
            correlationid=told.correlationid,
            traceparent=told.traceparent,
            status="waiting",
            due_at=told.happened_at,
        )
        for channel in rule.channels
    ]


def _is_of_others(rule: Rule, name: str) -> bool:
    return rule.to == "deciders" and name in ("contact_id", "decider_ids")


def decide(message: Message, known: Known, moment: datetime) -> Decision:
    """Whether a message that was not sent yet can be, must wait or is pointless."""
    rule = BY_KIND[message.kind]
    if known.contact and known.contact.gone:
        return Decision("dropped", "the person is gone")
    things = (known.gathering, known.post, known.demo_case, known.organisation)
    if any(thing and thing.gone for thing in (*things, known.poll)):
        return Decision("dropped", "what it speaks of is gone")
    if rule.announces and any(thing and thing.made_up for thing in things):
        return Decision("dropped", "made up for a demonstration")
    if rule.fact is GatheringReminded and not _is_near_still(known.gathering, message):
        return Decision("dropped", "it does not take place then")
    if rule.fans_out and known.registration and has_left(known.registration):
        return Decision("dropped", "no longer registered")
    if moment >= message.expires_at:
        return Decision("expired", "too late to be of use")
    if not all(_is_met(need, message, known) for need in rule.needs):
        return Decision("waiting")
    if message.channel == "inbox" and known.contact and known.contact.status == "guest":
        return Decision("dropped", "a guest has no inbox")
    return Decision("queued")


def _is_met(need: Need, message: Message, known: Known) -> bool:
    match need:
        case "contact":
            return known.contact is not None
        case "member":
            return known.contact is not None and known.contact.status == "member"
        case "gathering":
            return known.gathering is not None
        case "changed gathering":
            return _is_as_changed(known.gathering, message)
        case "post":
            return known.post is not None
        case "demo case":
            return known.demo_case is not None
        case "organisation":
            return known.organisation is not None
        case "poll":
            return known.poll is not None


def _is_near_still(gathering: KnownGathering | None, message: Message) -> bool:
    """Whether what somebody is to be reminded of takes place when the reminder says."""
    if gathering is None or gathering.starts_local is None:
        return True
    told = datetime.fromisoformat(message.data["starts_local"])
    moved = gathering.rrule is None and not message.data["occurrence"]
    return gathering.status == "published" and not (moved and gathering.starts_local != told)


def _is_as_changed(gathering: KnownGathering | None, message: Message) -> bool:
    """Whether the directory has the version that the fact speaks of, or a later one.

    A mail about a new time must not show the old one. State and fact of one change come from
    one request.
    """
    if gathering is None or gathering.published_at is None:
        return False
    return (
        gathering.correlationid == message.correlationid
        or gathering.published_at >= message.happened_at
    )


def delay(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed: 2 s, four times as long each time."""
    return timedelta(seconds=min(2 * 4 ** min(attempts - 1, 6), 1800))
