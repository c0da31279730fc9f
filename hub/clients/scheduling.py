"""The gateway's client of scheduling."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.calling import Client
from services.kit.identity import ANYONE, Identity
from services.scheduling.gatherings.schemas import (
    GatheringBrief,
    GatheringCounts,
    GatheringRead,
    JoinRead,
)
from services.scheduling.registrations.schemas import RegistrationRead


class Scheduling(Client):
    """Gatherings and registrations."""

    async def gatherings(
        self,
        identity: Identity,
        *,
        past: bool = False,
        topic: str | None = None,
        organiser_id: str | None = None,
        ids: Sequence[str] | None = None,
        registered: bool = False,
        own: bool = False,
        q: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[GatheringBrief]:
        """Coming or past gatherings, those with the given ids, or those `registered` for.

        With `own`, each comes with the caller's registration.
        """
        return await self.get(
            list[GatheringBrief],
            "/gatherings",
            identity,
            past=past,
            topic=topic,
            organiser_id=organiser_id,
            ids=ids,
            registered=registered or None,
            own=own or None,
            q=q,
            limit=limit,
            offset=offset,
        )

    async def counts(self) -> GatheringCounts:
        """How many public gatherings are coming and past."""
        return await self.get(GatheringCounts, "/gatherings/counts")

    async def gathering(
        self, reference: str, identity: Identity, *, own: bool = False, attendees: bool = False
    ) -> GatheringRead:
        """One gathering by id or slug; with the caller's registration, with everybody's."""
        return await self.get(
            GatheringRead,
            f"/gatherings/{reference}",
            identity,
            own=own or None,
            attendees=attendees or None,
        )

    async def create(self, order: Mapping[str, Any], identity: Identity) -> GatheringRead:
        """Publish a gathering."""
        return await self.send(GatheringRead, "POST", "/gatherings", identity, order)

    async def update(self, id: str, change: Mapping[str, Any], identity: Identity) -> GatheringRead:
        """Change a gathering; those registered are told by mail."""
        return await self.send(GatheringRead, "PATCH", f"/gatherings/{id}", identity, change)

    async def cancel_gathering(self, id: str, identity: Identity) -> GatheringRead:
        """Call a gathering off."""
        return await self.send(GatheringRead, "POST", f"/gatherings/{id}/cancel", identity)

    async def register(
        self, gathering_id: str, identity: Identity, *, contact_id: str | None = None
    ) -> RegistrationRead:
        """Take a seat or a place in line."""
        order = {"gathering_id": gathering_id, "contact_id": contact_id}
        return await self.send(RegistrationRead, "POST", "/registrations", identity, order)

    async def cancel(self, id: str, identity: Identity) -> RegistrationRead:
        """Give up a seat or a place in line."""
        return await self.send(RegistrationRead, "POST", f"/registrations/{id}/cancel", identity)

    async def by_secret(self, secret: str) -> RegistrationRead:
        """The registration behind a mail's link."""
        return await self.get(RegistrationRead, f"/registrations/by-secret/{secret}")

    async def cancel_by_secret(self, secret: str) -> RegistrationRead:
        """Give up a seat by a mail's link."""
        path = f"/registrations/by-secret/{secret}/cancel"
        return await self.send(RegistrationRead, "POST", path, ANYONE)

    async def join_address(self, id: str, identity: Identity) -> JoinRead:
        """Where a gathering happens online; for those with a seat."""
        return await self.get(JoinRead, f"/gatherings/{id}/join", identity)
