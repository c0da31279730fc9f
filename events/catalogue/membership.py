"""What membership publishes: the community, contacts (people), accounts, organisations,
terms of expertise and regions.
"""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from events.envelope import Fact, State

HelixSide = Literal["citizen", "business", "research", "government", "healthcare"]
Consent = Literal["terms", "directory", "newsletter", "matchmaking"]
ContactStatus = Literal["guest", "invited", "pending", "member", "suspended", "leaving"]
Visibility = Literal["public", "members", "hidden"]
Level = Literal["learning", "practising", "leading"]
Representation = Literal["owner", "representative", "member"]
TermScheme = Literal["hub", "mesh", "free"]
TermStatus = Literal["current", "suggested", "mapped"]
Role = Literal["member", "organiser", "coordinator", "moderator", "admin"]


class MemberRegistered(Fact):
    """Someone filled in the join form; a confirmation link is owed to them."""

    TYPE: ClassVar[str] = "hub.membership.member-registered.v1"
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


class MemberInvited(Fact):
    """Someone was brought by an import and is asked once whether they want to join."""

    TYPE: ClassVar[str] = "hub.membership.member-invited.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str


class MemberSuspended(Fact):
    """A moderator closed an account for now; its sessions have ended."""

    TYPE: ClassVar[str] = "hub.membership.member-suspended.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str


class MemberReinstated(Fact):
    """A suspended account is open again."""

    TYPE: ClassVar[str] = "hub.membership.member-reinstated.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str


class MemberLeaving(Fact):
    """A member leaves: they are hidden now and erased at `erase_at`, unless they come back."""

    TYPE: ClassVar[str] = "hub.membership.member-leaving.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str
    erase_at: datetime


class MemberStayed(Fact):
    """A member who was leaving came back in time."""

    TYPE: ClassVar[str] = "hub.membership.member-stayed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str


class MemberErased(Fact):
    """A person is gone: every service forgets them and says so with `member-forgotten`."""

    TYPE: ClassVar[str] = "hub.membership.member-erased.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str


class ErasureChased(Fact):
    """Some services have not confirmed an erasure in time; they are asked again."""

    TYPE: ClassVar[str] = "hub.membership.erasure-chased.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str
    services: tuple[str, ...]


class ErasureCompleted(Fact):
    """Every service has forgotten someone; a last mail with the receipt is owed to them."""

    TYPE: ClassVar[str] = "hub.membership.erasure-completed.v1"
    SUBJECT: ClassVar[str] = "erasure_id"

    erasure_id: str


class ConsentChanged(Fact):
    """A person gave or withdrew a consent, to the text of this version."""

    TYPE: ClassVar[str] = "hub.membership.consent-changed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    purpose: Consent
    given: bool
    text_version: int


class ProfileDoubted(Fact):
    """A profile has not been looked at for a year; its owner is asked whether it still holds."""

    TYPE: ClassVar[str] = "hub.membership.profile-doubted.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    hidden_at: datetime
    link_id: str = ""


class AddressChangeAsked(Fact):
    """A member wants another e-mail address; a link is owed to that one."""

    TYPE: ClassVar[str] = "hub.membership.address-change-asked.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str


class AddressChanged(Fact):
    """A member has another e-mail address; a way back is owed to the one from before."""

    TYPE: ClassVar[str] = "hub.membership.address-changed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str


class AddressTaken(Fact):
    """Somebody wanted the e-mail address of this person for their own account."""

    TYPE: ClassVar[str] = "hub.membership.address-taken.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str


class RoleGranted(Fact):
    """A member was given a role; a coordinator's holds for one region."""

    TYPE: ClassVar[str] = "hub.membership.role-granted.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    role: Role
    region_code: str | None = None


class RoleWithdrawn(Fact):
    """A member holds a role no longer."""

    TYPE: ClassVar[str] = "hub.membership.role-withdrawn.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    role: Role
    region_code: str | None = None


class OrganisationRegistered(Fact):
    """An organisation became known."""

    TYPE: ClassVar[str] = "hub.membership.organisation-registered.v1"
    SUBJECT: ClassVar[str] = "organisation_id"

    organisation_id: str


class OrganisationVerified(Fact):
    """A moderator found that an organisation is what it says."""

    TYPE: ClassVar[str] = "hub.membership.organisation-verified.v1"
    SUBJECT: ClassVar[str] = "organisation_id"

    organisation_id: str


class OrganisationMerged(Fact):
    """Two organisations were one; whoever knows the first by its id finds the second."""

    TYPE: ClassVar[str] = "hub.membership.organisation-merged.v1"
    SUBJECT: ClassVar[str] = "organisation_id"

    organisation_id: str
    into_id: str


class RepresentationAsked(Fact):
    """A member wants to speak for an organisation; `decider_ids` can say yes or no."""

    TYPE: ClassVar[str] = "hub.membership.representation-asked.v1"
    SUBJECT: ClassVar[str] = "organisation_id"

    organisation_id: str
    contact_id: str
    representation: Representation
    decider_ids: tuple[str, ...]


class RepresentationDecided(Fact):
    """A member's wish to speak for an organisation was granted or declined."""

    TYPE: ClassVar[str] = "hub.membership.representation-decided.v1"
    SUBJECT: ClassVar[str] = "organisation_id"

    organisation_id: str
    contact_id: str
    representation: Representation
    granted: bool


class ExpertiseClaimed(Fact):
    """A member says that they know about a term."""

    TYPE: ClassVar[str] = "hub.membership.expertise-claimed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    term_id: str
    level: Level


class ExpertiseEndorsed(Fact):
    """A member confirms what another says to know."""

    TYPE: ClassVar[str] = "hub.membership.expertise-endorsed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    term_id: str
    endorser_id: str


class TermMapped(Fact):
    """A moderator found that a suggested term means another one."""

    TYPE: ClassVar[str] = "hub.membership.term-mapped.v1"
    SUBJECT: ClassVar[str] = "term_id"

    term_id: str
    into_id: str


class SignInRequested(Fact):
    """A member asked for a sign-in link by mail; the link itself is minted when it is sent."""

    TYPE: ClassVar[str] = "hub.membership.sign-in-requested.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    link_id: str


class PasskeyAdded(Fact):
    """A member can sign in with one more device; they are told, in case it was not them."""

    TYPE: ClassVar[str] = "hub.membership.passkey-added.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    passkey_id: str


class PasskeyRemoved(Fact):
    """A passkey of a member works no longer."""

    TYPE: ClassVar[str] = "hub.membership.passkey-removed.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    passkey_id: str


class IdentityLinked(Fact):
    """A member can sign in with an account elsewhere; they are told, in case it was not them."""

    TYPE: ClassVar[str] = "hub.membership.identity-linked.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    identity_id: str


class IdentityUnlinked(Fact):
    """A member can no longer sign in with an account elsewhere."""

    TYPE: ClassVar[str] = "hub.membership.identity-unlinked.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    identity_id: str


class SessionRevoked(Fact):
    """A signed-in session ended; caches of it must be dropped."""

    TYPE: ClassVar[str] = "hub.membership.session-revoked.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    session_id: str


class Expertise(BaseModel):
    """What a person or an organisation knows: a term, how well, and how many confirm it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    term_id: str
    level: Level
    endorsed: int = 0


class ContactState(State):
    """A person with a name and an e-mail address; with an account when status is member.

    Audience is `public` or `members` as the member chose, with consent to the directory;
    else `contact:ID`. `expertise_offered` and `expertise_sought` are terms by their English
    names; `coordinates` are the regions of a coordinator. Interests of citizens are in no state.
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
    expertise: tuple[Expertise, ...] = ()
    sought_term_ids: tuple[str, ...] = ()
    coordinates: tuple[str, ...] = ()


class OrganisationState(State):
    """A company, lab, hospital, university, authority or association.

    One that was merged into another says so in `merged_into`, is listed nowhere, and stays
    known so that old ids lead on. `expertise` is of its own and of its people who are listed.
    """

    TYPE: ClassVar[str] = "hub.membership.organisation.v1"

    name: str
    slug: str
    helix_side: HelixSide
    region_code: str | None = None
    country: str | None = None
    description: str = ""
    expertise: tuple[str, ...] = ()
    made_up: bool = False
    term_ids: tuple[str, ...] = ()
    verified: bool = False
    website: str | None = None
    ror_id: str | None = None
    merged_into: str | None = None


class TermState(State):
    """A term of expertise: of the hub's own vocabulary, a MeSH heading, or suggested freely.

    Published when first claimed. `labels` are names by language, English always among them.
    """

    TYPE: ClassVar[str] = "hub.membership.term.v1"

    scheme: TermScheme
    status: TermStatus
    labels: dict[str, str]
    synonyms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    mapped_to: str | None = None


class RegionState(State):
    """A region of the partnership, with a name of its own and the NUTS codes it consists of."""

    TYPE: ClassVar[str] = "hub.membership.region.v1"

    slug: str
    name: str
    nuts_codes: tuple[str, ...]


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
