"""Membership as the gateway reaches it: people, accounts, sessions, organisations."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.calling import HUB, Client, ServiceProblem
from services.kit.errors import NotFound
from services.kit.identity import Identity
from services.membership.accounts.schemas import SessionRead, SessionStarted
from services.membership.community.schemas import CommunityRead
from services.membership.contacts.schemas import (
    ContactRead,
    ContactRef,
    MemberCounts,
    MemberProfile,
    MemberRead,
)
from services.membership.organisations.schemas import OrganisationRead

MOST_IDS = 200
"""Ids membership takes in one call."""


class Membership(Client):
    """People, accounts, sessions, organisations."""

    async def join(self, order: Mapping[str, Any]) -> None:
        """Begin an account; always accepted alike."""
        await self.tell("POST", "/members", HUB, order)

    async def confirm(self, secret: str) -> SessionStarted:
        """Use a confirmation link."""
        return await self.send(SessionStarted, "POST", "/confirmations", HUB, {"secret": secret})

    async def ask_sign_in(self, email: str) -> None:
        """Have a sign-in link sent, if the address has an account."""
        await self.tell("POST", "/sign-ins", HUB, {"email": email})

    async def sign_in(self, secret: str) -> SessionStarted:
        """Use a sign-in link."""
        return await self.send(SessionStarted, "POST", "/sessions", HUB, {"secret": secret})

    async def session(self, secret: str) -> SessionRead:
        """Whose session a cookie stands for; raises NotFound."""
        try:
            return await self.send(SessionRead, "POST", "/sessions/lookup", HUB, {"secret": secret})
        except ServiceProblem as problem:
            if problem.status in (404, 410, 422):
                raise NotFound("There is no such session.") from problem
            raise

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

    async def members(
        self, identity: Identity, *, q: str | None = None, limit: int = 100, offset: int = 0
    ) -> list[MemberRead]:
        """The directory as the member may see it."""
        return await self.get(
            list[MemberRead], "/members", identity, q=q, limit=limit, offset=offset
        )

    async def counts(self) -> MemberCounts:
        """How many members and organisations there are."""
        return await self.get(MemberCounts, "/members/counts")

    async def contacts(self, ids: Sequence[str], identity: Identity) -> dict[str, ContactRead]:
        """Names by id, in as few calls as can be; those the caller may not see are left out."""
        wanted = sorted(set(ids))
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

    async def organisation(self, reference: str, identity: Identity) -> OrganisationRead:
        """One organisation by id or slug."""
        return await self.get(OrganisationRead, f"/organisations/{reference}", identity)
