"""Membership as the gateway reaches it: people, accounts, sessions, organisations."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.calling import HUB, ServiceProblem
from hub.clients.organisations import Organisations
from hub.clients.personal import Personal
from hub.clients.profile import Profile
from hub.clients.proofs import Proofs
from services.kit.errors import NotFound
from services.kit.identity import Identity
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
    ExportTaken,
    OrganisationsFound,
    PeopleFound,
    PersonRead,
)
from services.membership.expertise.schemas import (
    ExpertiseRead,
    SuggestedTerm,
    Suggestion,
    TermRead,
    Vocabularies,
)
from services.membership.moderation.schemas import (
    AccountBrief,
    AccountRead,
    AccountsFound,
    Waiting,
)
from services.membership.organisations.schemas import OrganisationRead
from services.membership.regions.schemas import RegionRead
from services.membership.roles.schemas import RolesHeld

MOST_IDS = 200
"""Ids membership takes in one call."""


class Membership(Personal, Organisations, Profile, Proofs):
    """People, accounts, sessions, organisations."""

    async def join(self, order: Mapping[str, Any]) -> None:
        """Begin an account; always accepted alike."""
        await self.tell("POST", "/members", HUB, order)

    async def confirm(self, secret: str, entry: Entry = Entry()) -> SessionStarted:
        """Use a confirmation link."""
        held = {"secret": secret, "entry": entry.model_dump()}
        return await self.send(SessionStarted, "POST", "/confirmations", HUB, held)

    async def ask_sign_in(self, email: str, asked_by: str) -> None:
        """Have a sign-in link sent, if the address has an account, for this browser."""
        await self.tell("POST", "/sign-ins", HUB, {"email": email, "asked_by": asked_by})

    async def sign_in(self, secret: str, asked_by: str | None, entry: Entry) -> SessionStarted:
        """Use a sign-in link, in the browser that asked for it."""
        held = {"secret": secret, "asked_by": asked_by, "entry": entry.model_dump()}
        return await self.send(SessionStarted, "POST", "/sessions", HUB, held)

    async def sign_in_by_code(self, code: str, asked_by: str, entry: Entry) -> SessionStarted:
        """Use the code of a mail, in the browser that asked for it."""
        held = {"code": code, "asked_by": asked_by, "entry": entry.model_dump()}
        return await self.send(SessionStarted, "POST", "/sessions/by-code", HUB, held)

    async def session(self, secret: str) -> SessionRead:
        """Whose session a cookie stands for; raises NotFound."""
        try:
            return await self.send(SessionRead, "POST", "/sessions/lookup", HUB, {"secret": secret})
        except ServiceProblem as problem:
            if problem.status in (404, 410, 422):
                raise NotFound("There is no such session.") from problem
            raise

    async def own_sessions(self, identity: Identity) -> list[SessionBrief]:
        """Where a member is signed in, the latest first."""
        return await self.get(list[SessionBrief], "/sessions", identity)

    async def end_session(self, id: str, identity: Identity) -> None:
        """End one of a member's sessions."""
        await self.tell("POST", f"/sessions/{id}/end", identity)

    async def end_other_sessions(self, kept: str, identity: Identity) -> None:
        """End all of a member's sessions but one."""
        await self.tell("POST", "/sessions/end-others", identity, {"session_id": kept})

    async def revoke_session(self, secret: str) -> None:
        """End a session; one that is gone already is fine."""
        try:
            await self.tell("POST", "/sessions/revoke", HUB, {"secret": secret})
        except ServiceProblem as problem:
            if problem.status not in (404, 410, 422):
                raise

    async def community(self) -> CommunityRead:
        """What the hub says about itself, and whether somebody looks after it."""
        return await self.get(CommunityRead, "/community")

    async def set_up(self, order: Mapping[str, Any]) -> SessionStarted:
        """Name an empty hub and sign its first administrator in."""
        return await self.send(SessionStarted, "POST", "/set-up", HUB, order)

    async def change_community(
        self, change: Mapping[str, Any], identity: Identity
    ) -> CommunityRead:
        """Change what the hub says about itself."""
        return await self.send(CommunityRead, "PATCH", "/community", identity, change)

    async def guest(self, order: Mapping[str, Any]) -> ContactRef:
        """The contact behind an e-mail address, made when it is new."""
        return await self.send(ContactRef, "POST", "/guests", HUB, order)

    async def me(self, identity: Identity) -> MemberProfile:
        """The member's own profile."""
        return await self.get(MemberProfile, "/members/me", identity)

    async def update_me(self, change: Mapping[str, Any], identity: Identity) -> MemberProfile:
        """Change the member's own profile."""
        return await self.send(MemberProfile, "PATCH", "/members/me", identity, change)

    async def people(
        self, identity: Identity, asked: Mapping[str, Any] | None = None, **page: int
    ) -> PeopleFound:
        """Members whom the caller may see, and how many other choices would show."""
        return await self.get(PeopleFound, "/directory/people", identity, **(asked or {}), **page)

    async def person(self, id: str, identity: Identity) -> PersonRead:
        """One member whom the caller may see."""
        return await self.get(PersonRead, f"/directory/people/{id}", identity)

    async def organisations_found(
        self, identity: Identity, asked: Mapping[str, Any] | None = None, **page: int
    ) -> OrganisationsFound:
        """Organisations, and how many other choices would show."""
        return await self.get(
            OrganisationsFound, "/directory/organisations", identity, **(asked or {}), **page
        )

    async def take_away(self, asked: Mapping[str, Any], identity: Identity) -> ExportTaken:
        """Write down that the caller takes a list of people away."""
        return await self.send(ExportTaken, "POST", "/directory/exports", identity, asked)

    async def grant_role(self, id: str, order: Mapping[str, Any], identity: Identity) -> RolesHeld:
        """Give a member a role."""
        return await self.send(RolesHeld, "POST", f"/members/{id}/roles/grant", identity, order)

    async def withdraw_role(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> RolesHeld:
        """Take a role from a member."""
        return await self.send(RolesHeld, "POST", f"/members/{id}/roles/withdraw", identity, order)

    async def hand_over_role(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> RolesHeld:
        """Pass a member's role on to another."""
        return await self.send(RolesHeld, "POST", f"/members/{id}/roles/hand-over", identity, order)

    async def accounts(
        self, identity: Identity, *, q: str = "", limit: int = 50, offset: int = 0
    ) -> AccountsFound:
        """Accounts as moderators find them."""
        asked = {"q": q, "limit": limit, "offset": offset}
        return await self.send(AccountsFound, "POST", "/accounts/lookup", identity, asked)

    async def waiting(self, identity: Identity) -> Waiting:
        """How much waits for moderators."""
        return await self.get(Waiting, "/accounts/waiting", identity)

    async def invite(self, order: Mapping[str, Any], identity: Identity) -> None:
        """Ask somebody to join; answered alike whether or not they are known."""
        await self.tell("POST", "/accounts/invitations", identity, order)

    async def account(self, id: str, identity: Identity) -> AccountRead:
        """One account with what was done to it."""
        return await self.get(AccountRead, f"/accounts/{id}", identity)

    async def suspend(self, id: str, reason: str, identity: Identity) -> AccountBrief:
        """Close an account for now."""
        order = {"reason": reason}
        return await self.send(AccountBrief, "POST", f"/accounts/{id}/suspend", identity, order)

    async def reinstate(self, id: str, identity: Identity) -> AccountBrief:
        """Open a suspended account again."""
        return await self.send(AccountBrief, "POST", f"/accounts/{id}/reinstate", identity, {})

    async def counts(self) -> MemberCounts:
        """How many members and organisations there are."""
        return await self.get(MemberCounts, "/members/counts")

    async def contacts(self, ids: Sequence[str], identity: Identity) -> dict[str, ContactRead]:
        """Names by id, in as few calls as can be; those the caller may not see are left out."""
        # Nobody is behind the id of a former member, which is empty.
        wanted = sorted(set(ids) - {""})
        found: list[ContactRead] = []
        for start in range(0, len(wanted), MOST_IDS):
            part = ",".join(wanted[start : start + MOST_IDS])
            found += await self.get(list[ContactRead], "/contacts", identity, ids=part)
        return {contact.id: contact for contact in found}

    async def organisations(
        self, identity: Identity, *, q: str | None = None, limit: int = 100, offset: int = 0
    ) -> list[OrganisationRead]:
        """Organisations by name."""
        return await self.get(
            list[OrganisationRead], "/organisations", identity, q=q, limit=limit, offset=offset
        )

    async def terms(self) -> Vocabularies:
        """The vocabulary by themes, with how many offer and seek each term."""
        return await self.get(Vocabularies, "/terms")

    async def term(self, id: str, identity: Identity) -> TermRead:
        """One term, and who offers it."""
        return await self.get(TermRead, f"/terms/{id}", identity)

    async def matching_terms(self, q: str) -> list[Suggestion]:
        """Terms that fit what somebody types."""
        return await self.get(list[Suggestion], "/terms/matching", q=q)

    async def suggested_terms(
        self, identity: Identity, *, limit: int, offset: int
    ) -> list[SuggestedTerm]:
        """Words of members that no moderator has looked at."""
        return await self.get(
            list[SuggestedTerm], "/terms/suggested", identity, limit=limit, offset=offset
        )

    async def map_term(self, id: str, into: str, identity: Identity) -> None:
        """Say what suggested words mean."""
        await self.tell("POST", f"/terms/{id}/map", identity, {"into": into})

    async def accept_term(self, id: str, identity: Identity) -> None:
        """Let suggested words be a term of this community."""
        await self.tell("POST", f"/terms/{id}/accept", identity)

    async def refuse_term(self, id: str, identity: Identity) -> None:
        """Take suggested words away."""
        await self.tell("POST", f"/terms/{id}/refuse", identity)

    async def expertise(self, contact_id: str, identity: Identity) -> ExpertiseRead:
        """What a person knows and looks for, and who confirms it."""
        return await self.get(ExpertiseRead, f"/members/{contact_id}/expertise", identity)

    async def declare_expertise(
        self, wanted: Mapping[str, Any], identity: Identity
    ) -> ExpertiseRead:
        """Say what one knows and looks for."""
        return await self.send(ExpertiseRead, "PUT", "/members/me/expertise", identity, wanted)

    async def endorse(self, contact_id: str, term_id: str, identity: Identity) -> None:
        """Confirm what another member knows."""
        path = f"/members/{contact_id}/expertise/{term_id}/endorsement"
        await self.tell("PUT", path, identity)

    async def withdraw_endorsement(self, contact_id: str, term_id: str, identity: Identity) -> None:
        """Take a confirmation back."""
        path = f"/members/{contact_id}/expertise/{term_id}/endorsement"
        await self.tell("DELETE", path, identity)

    async def regions(self, identity: Identity) -> list[RegionRead]:
        """The regions of the partnership, by name."""
        return await self.get(list[RegionRead], "/regions", identity)

    async def region(self, reference: str, identity: Identity) -> RegionRead:
        """One of them by id or slug; raises NotFound."""
        return await self.get(RegionRead, f"/regions/{reference}", identity)
