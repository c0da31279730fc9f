"""What membership publishes: the community, contacts (people), accounts and organisations."""

from typing import ClassVar, Literal

from events.envelope import Fact, State

HelixSide = Literal["citizen", "business", "research", "government", "healthcare"]
Consent = Literal["terms", "directory", "newsletter", "matchmaking"]
ContactStatus = Literal["guest", "pending", "member"]
Role = Literal["member", "organiser", "coordinator", "moderator", "admin"]


class MemberJoined(Fact):
    """Someone filled in the join form; a confirmation link is owed to them."""

    TYPE: ClassVar[str] = "hub.membership.member-joined.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str
    helix_side: HelixSide
    region_code: str


class JoinRepeated(Fact):
    """Someone filled in the join form with an address that already has an account."""

    TYPE: ClassVar[str] = "hub.membership.join-repeated.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str


class MemberConfirmed(Fact):
    """A joining person used the confirmation link; the account is active."""

    TYPE: ClassVar[str] = "hub.membership.member-confirmed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str


class SignInRequested(Fact):
    """A member asked for a sign-in link by mail; the link itself is minted when it is sent."""

    TYPE: ClassVar[str] = "hub.membership.sign-in-requested.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str


class SessionRevoked(Fact):
    """A signed-in session ended; caches of it must be dropped."""

    TYPE: ClassVar[str] = "hub.membership.session-revoked.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    session_id: str


class ContactState(State):
    """A person with a name and an e-mail address; with an account when status is member.

    Audience is `members` with consent to the directory, else `contact:ID`.
    """

    TYPE: ClassVar[str] = "hub.membership.contact.v1"

    status: ContactStatus
    name: str
    email: str
    helix_side: HelixSide | None = None
    region_code: str | None = None
    organisation_id: str | None = None
    roles: tuple[Role, ...] = ()
    expertise_offered: tuple[str, ...] = ()
    expertise_sought: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    language: str = "en"
    time_zone: str = "Europe/Brussels"
    made_up: bool = False


class OrganisationState(State):
    """A company, lab, hospital, university, authority or association."""

    TYPE: ClassVar[str] = "hub.membership.organisation.v1"

    name: str
    slug: str
    helix_side: HelixSide
    region_code: str | None = None
    country: str | None = None
    description: str = ""
    expertise: tuple[str, ...] = ()
    made_up: bool = False


class CommunityState(State):
    """What the hub says about itself, to everybody; there is one."""

    TYPE: ClassVar[str] = "hub.membership.community.v1"

    name: str
    languages: tuple[str, ...]
    joining_open: bool = True
    controller: str = ""
    controller_email: str = ""
    imprint: str = ""
    funding: str = ""
