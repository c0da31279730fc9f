"""Membership as far as it concerns organisations: what they say, who speaks for them, doubles."""

from collections.abc import Mapping
from typing import Any

from hub.calling import Client
from services.kit.identity import Identity
from services.membership.organisations.schemas import (
    OrganisationFamily,
    OrganisationForm,
    OrganisationRead,
    Review,
)
from services.membership.representatives.schemas import OrganisationPeople


class Organisations(Client):
    """Organisations, and who speaks for them."""

    async def organisation(self, reference: str, identity: Identity) -> OrganisationFamily:
        """One organisation by id or slug, also those of one that was merged into it."""
        return await self.get(OrganisationFamily, f"/organisations/{reference}", identity)

    async def suggested_organisations(
        self, identity: Identity, q: str, *, limit: int
    ) -> list[OrganisationRead]:
        """Organisations whose names have these words, verified ones first."""
        path = "/organisations/suggestions"
        return await self.get(list[OrganisationRead], path, identity, q=q, limit=limit)

    async def organisation_form(self, id: str, identity: Identity) -> OrganisationForm:
        """What an organisation says of itself, for those who may change it."""
        return await self.get(OrganisationForm, f"/organisations/{id}/form", identity)

    async def change_organisation(
        self, id: str, change: Mapping[str, Any], identity: Identity
    ) -> OrganisationRead:
        """Change what an organisation says of itself."""
        return await self.send(OrganisationRead, "PATCH", f"/organisations/{id}", identity, change)

    async def organisation_people(self, id: str, identity: Identity) -> OrganisationPeople:
        """Who is of an organisation, and what the caller may do there."""
        return await self.get(OrganisationPeople, f"/organisations/{id}/people", identity)

    async def ask_to_represent(self, id: str, role: str, identity: Identity) -> None:
        """Want to own an organisation or to speak for it."""
        await self.tell("POST", f"/organisations/{id}/asks", identity, {"role": role})

    async def ask_no_longer(self, id: str, identity: Identity) -> None:
        """Take that back."""
        await self.tell("DELETE", f"/organisations/{id}/asks", identity)

    async def decide_ask(self, id: str, contact_id: str, granted: bool, identity: Identity) -> None:
        """Say yes or no to what someone asked."""
        path = f"/organisations/{id}/asks/{contact_id}"
        await self.tell("POST", path, identity, {"granted": granted})

    async def give_representation(
        self, id: str, contact_id: str, role: str, identity: Identity
    ) -> None:
        """Say what someone is for an organisation."""
        path = f"/organisations/{id}/people/{contact_id}"
        await self.tell("PUT", path, identity, {"role": role})

    async def take_off(self, id: str, contact_id: str, identity: Identity) -> None:
        """Take someone off an organisation."""
        await self.tell("DELETE", f"/organisations/{id}/people/{contact_id}", identity)

    async def hand_over_organisation(self, id: str, contact_id: str, identity: Identity) -> None:
        """Make someone else the owner in one's place."""
        await self.tell("POST", f"/organisations/{id}/hand-over/{contact_id}", identity)

    async def step_down(self, id: str, identity: Identity) -> None:
        """Speak for an organisation no longer."""
        await self.tell("POST", f"/organisations/{id}/step-down", identity)

    async def review_organisations(
        self, identity: Identity, *, limit: int, offset: int = 0
    ) -> Review:
        """What moderators look at: the unverified, and likely doubles."""
        return await self.get(Review, "/organisations/review", identity, limit=limit, offset=offset)

    async def verify_organisation(self, id: str, verified: bool, identity: Identity) -> None:
        """Note that an organisation is what it says, or take that back."""
        way = "verify" if verified else "doubt"
        await self.tell("POST", f"/organisations/{id}/{way}", identity)

    async def merge_organisations(
        self, id: str, into_id: str, identity: Identity
    ) -> OrganisationRead:
        """Make one organisation one with another, which stays."""
        path = f"/organisations/{id}/merge"
        return await self.send(OrganisationRead, "POST", path, identity, {"into_id": into_id})

    async def keep_apart(self, first_id: str, second_id: str, identity: Identity) -> None:
        """Note that two organisations that look alike are two."""
        pair = {"first_id": first_id, "second_id": second_id}
        await self.tell("POST", "/organisations/apart", identity, pair)
