"""The gateway's typed clients: one a service.

The only module of the hub beside compose that knows the services, and of them only what
goes in and out (their schemas).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from starlette.types import ASGIApp

from events.catalogue import SERVICES
from hub.calling import HUB, Client, ServiceAway, ServiceProblem
from hub.clients.membership import Membership
from hub.clients.scheduling import Scheduling
from services.calendar.addresses.schemas import FeedAddressIssued, FeedAddressRead
from services.kit.identity import ANYONE, Identity, Signer
from services.kit.settings import Settings
from services.knowledge.posts.schemas import PostBrief, PostListing, PostRead
from services.matchmaking.demo_cases.schemas import DemoCaseListing, DemoCaseRead
from services.matchmaking.matches.schemas import DemoCaseOverview, MatchRead
from services.membership.accounts.schemas import (
    Entry,
    SessionBrief,
    SessionRead,
    SessionStarted,
)
from services.membership.community.schemas import CommunityRead
from services.membership.contacts.schemas import (
    ContactRead,
    ContactRef,
    MemberCounts,
    MemberProfile,
)
from services.membership.directory.schemas import (
    Count,
    ExportTaken,
    Facets,
    OrganisationsFound,
    PeopleFound,
    PersonBrief,
    PersonRead,
)
from services.membership.expertise.schemas import (
    ClaimRead,
    ExpertiseRead,
    SuggestedTerm,
    TermBrief,
    TermCount,
    TermRead,
    Vocabularies,
)
from services.membership.imports.schemas import BatchResult
from services.membership.moderation.schemas import AccountBrief, AccountRead, AccountsFound
from services.membership.organisations.schemas import (
    Likeness,
    OrganisationFamily,
    OrganisationRead,
    Unverified,
)
from services.membership.regions.schemas import RegionRead
from services.membership.representatives.schemas import ColleagueRead, OrganisationPeople, Standing
from services.membership.roles.schemas import GrantRead, RolesHeld
from services.notification.mailbox.schemas import MailRead
from services.notification.notices.schemas import NoticeRead, UnreadCount
from services.scheduling.admission.schemas import AdmissionRead
from services.scheduling.agenda.schemas import AgendaEntry, SessionFound
from services.scheduling.agenda.schemas import SessionRead as AgendaSessionRead
from services.scheduling.attendance.schemas import AttendanceRead
from services.scheduling.files.schemas import FileStored
from services.scheduling.gatherings.schemas import (
    GatheringBrief,
    GatheringCounts,
    GatheringRead,
)
from services.scheduling.imports.schemas import GatheringTaken
from services.scheduling.materials.schemas import MaterialRead
from services.scheduling.occurrences.schemas import OccurrenceRead
from services.scheduling.polls.schemas import PollBrief, PollRead, PollToVote
from services.scheduling.questions.schemas import QuestionRead
from services.scheduling.registrations.schemas import RegistrationDetails, RegistrationRead
from services.scheduling.statistics.schemas import SeatCounts, StatisticsRead
from services.scheduling.versions.schemas import VersionRead

__all__ = [
    "HUB",
    "AccountBrief",
    "AccountRead",
    "AccountsFound",
    "AdmissionRead",
    "AgendaEntry",
    "AgendaSessionRead",
    "AttendanceRead",
    "BatchResult",
    "ClaimRead",
    "Client",
    "Clients",
    "ColleagueRead",
    "CommunityRead",
    "ContactRead",
    "ContactRef",
    "Count",
    "DemoCaseRead",
    "Entry",
    "ExpertiseRead",
    "ExportTaken",
    "Facets",
    "FeedAddressIssued",
    "FeedAddressRead",
    "FileStored",
    "GatheringBrief",
    "GatheringCounts",
    "GatheringRead",
    "GatheringTaken",
    "GrantRead",
    "Likeness",
    "MailRead",
    "MatchRead",
    "MaterialRead",
    "MemberCounts",
    "MemberProfile",
    "NoticeRead",
    "OccurrenceRead",
    "OrganisationFamily",
    "OrganisationPeople",
    "OrganisationRead",
    "OrganisationsFound",
    "PeopleFound",
    "PersonBrief",
    "PersonRead",
    "PollBrief",
    "PollRead",
    "PollToVote",
    "PostBrief",
    "PostRead",
    "QuestionRead",
    "RegionRead",
    "RegistrationDetails",
    "RegistrationRead",
    "RolesHeld",
    "SeatCounts",
    "ServiceAway",
    "ServiceProblem",
    "SessionBrief",
    "SessionFound",
    "SessionRead",
    "SessionStarted",
    "Standing",
    "StatisticsRead",
    "SuggestedTerm",
    "TermBrief",
    "TermCount",
    "TermRead",
    "Unverified",
    "VersionRead",
    "Vocabularies",
]


class Knowledge(Client):
    """Posts."""

    async def posts(
        self,
        identity: Identity,
        *,
        kind: str | None = None,
        topic: str | None = None,
        q: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[PostRead]:
        """Posts the caller may see, newest first."""
        return await self.get(
            list[PostRead],
            "/posts",
            identity,
            kind=kind,
            topic=topic,
            q=q,
            limit=limit,
            offset=offset,
        )

    async def counts(self, identity: Identity = ANYONE) -> dict[str, int]:
        """How many posts of each kind the caller may see."""
        return await self.get(dict[str, int], "/posts/counts", identity)

    async def listing(
        self,
        identity: Identity,
        *,
        kind: str | None = None,
        topic: str | None = None,
        q: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> PostListing:
        """Posts without their text, and how many there are of each kind."""
        return await self.get(
            PostListing, "/posts/listing", identity, kind=kind, topic=topic, q=q, limit=limit,
            offset=offset,
        )  # fmt: skip

    async def post(self, reference: str, identity: Identity) -> PostRead:
        """One post by id or slug."""
        return await self.get(PostRead, f"/posts/{reference}", identity)

    async def create(self, order: Mapping[str, Any], identity: Identity) -> PostRead:
        """Publish a post."""
        return await self.send(PostRead, "POST", "/posts", identity, order)


class Matchmaking(Client):
    """Demonstration projects and who fits them."""

    async def demo_cases(
        self,
        identity: Identity,
        *,
        phase: str | None = None,
        q: str | None = None,
        per_phase: int | None = None,
        leads: Sequence[str] | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[DemoCaseRead]:
        """Demonstration projects, newest first."""
        return await self.get(
            list[DemoCaseRead], "/demo-cases", identity, phase=phase, q=q, per_phase=per_phase,
            leads=leads, limit=limit, offset=offset,
        )  # fmt: skip

    async def counts(self, identity: Identity = ANYONE) -> dict[str, int]:
        """How many projects are at each step."""
        return await self.get(dict[str, int], "/demo-cases/counts", identity)

    async def listing(
        self, identity: Identity, *, phase: str | None = None, limit: int = 50, offset: int = 0
    ) -> DemoCaseListing:
        """Demonstration projects, and how many are at each step."""
        return await self.get(
            DemoCaseListing, "/demo-cases/listing", identity, phase=phase, limit=limit,
            offset=offset,
        )  # fmt: skip

    async def overview(self, reference: str, identity: Identity) -> DemoCaseOverview:
        """One demonstration project, and who fits it, best first."""
        return await self.get(DemoCaseOverview, f"/demo-cases/{reference}/overview", identity)

    async def create(self, order: Mapping[str, Any], identity: Identity) -> DemoCaseRead:
        """Propose a demonstration project."""
        return await self.send(DemoCaseRead, "POST", "/demo-cases", identity, order)


class Notification(Client):
    """Notices, and the mailbox of a development hub."""

    async def notices(self, identity: Identity) -> list[NoticeRead]:
        """The member's notices, newest first."""
        return await self.get(list[NoticeRead], "/notices", identity, limit=100)

    async def unread(self, identity: Identity) -> UnreadCount:
        """How many notices are unread."""
        return await self.get(UnreadCount, "/notices/unread", identity)

    async def read_notice(self, id: str, identity: Identity) -> None:
        """Mark a notice as read."""
        await self.tell("POST", f"/notices/{id}/read", identity)

    async def read_all(self, identity: Identity) -> None:
        """Mark every notice as read."""
        await self.tell("POST", "/notices/read-all", identity)

    async def mailbox(self, limit: int = 1000) -> list[MailRead]:
        """Every mail that was not sent but kept, newest first."""
        return await self.get(list[MailRead], "/mailbox", HUB, limit=limit)


class Calendar(Client):
    """Feed addresses; the feeds themselves are the calendar's own routes."""

    async def own_calendar(self, contact_id: str) -> bytes:
        """A person's own calendar (RFC 5545)."""
        return await self.fetch(f"/contacts/{contact_id}/calendar.ics", HUB)

    async def addresses(self, identity: Identity) -> list[FeedAddressRead]:
        """The member's calendar addresses."""
        return await self.get(list[FeedAddressRead], "/feed-addresses", identity)

    async def issue(self, label: str, identity: Identity) -> FeedAddressIssued:
        """Make a secret calendar address; the secret comes back this once."""
        return await self.send(
            FeedAddressIssued, "POST", "/feed-addresses", identity, {"label": label}
        )

    async def revoke(self, id: str, identity: Identity) -> None:
        """Switch a calendar address off."""
        await self.tell("POST", f"/feed-addresses/{id}/revoke", identity)


class Clients:
    """All services as the gateway reaches them."""

    def __init__(self, settings: Settings, signer: Signer, apps: Mapping[str, ASGIApp]) -> None:
        def http(name: str) -> httpx.AsyncClient:
            if name in apps:
                # A failure inside a service is an answer here as it is over the network.
                transport = httpx.ASGITransport(apps[name], raise_app_exceptions=False)
                return httpx.AsyncClient(transport=transport, base_url=f"http://{name}")
            url = settings.service_urls.get(name, f"http://{name}.invalid")
            return httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(15, connect=3))

        self.membership = Membership("membership", http("membership"), signer)
        self.scheduling = Scheduling("scheduling", http("scheduling"), signer)
        self.knowledge = Knowledge("knowledge", http("knowledge"), signer)
        self.matchmaking = Matchmaking("matchmaking", http("matchmaking"), signer)
        self.notification = Notification("notification", http("notification"), signer)
        self.calendar = Calendar("calendar", http("calendar"), signer)

    @property
    def all(self) -> Sequence[Client]:
        """Every client, in the order of the catalogue."""
        return [getattr(self, name) for name in SERVICES]

    async def close(self) -> None:
        """Let every connection go."""
        for client in self.all:
            await client.close()
