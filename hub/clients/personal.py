"""What the gateway asks about one person's own data: to take it away, to leave, to be erased."""

from typing import Any

from hub.calling import HUB, Client
from services.membership.accounts.schemas import Entry, SessionStarted
from services.membership.erasure.schemas import ErasureRead, Reapplied
from services.membership.exports.schemas import ExportMade
from services.membership.leaving.schemas import LeavingRead

Held = dict[str, list[dict[str, Any]]]
"""What one service keeps of a person: a list a kind of thing."""


async def held_by(client: Client, contact_id: str) -> Held:
    """What a service keeps of a person."""
    return await client.get(Held, f"/contacts/{contact_id}/data", HUB)


class Personal(Client):
    """Membership, as far as it concerns leaving with or without one's data."""

    async def make_export(self, contact_id: str) -> ExportMade:
        """A link by which somebody fetches their data once."""
        return await self.send(ExportMade, "POST", f"/contacts/{contact_id}/exports", HUB)

    async def use_export(self, contact_id: str, secret: str) -> None:
        """Use that link up."""
        await self.tell("POST", "/exports/use", HUB, {"contact_id": contact_id, "secret": secret})

    async def leave(self, contact_id: str) -> LeavingRead:
        """Hide a member now and erase them in two weeks."""
        return await self.send(LeavingRead, "POST", f"/members/{contact_id}/leave", HUB)

    async def stay(self, secret: str, entry: Entry = Entry()) -> SessionStarted:
        """Come back by the link in the mail."""
        order = {"secret": secret, "entry": entry.model_dump()}
        return await self.send(SessionStarted, "POST", "/members/stay", HUB, order)

    async def erase(self, contact_id: str) -> ErasureRead:
        """Erase somebody now."""
        return await self.send(ErasureRead, "POST", "/erasures", HUB, {"contact_id": contact_id})

    async def erasure(self, contact_id: str) -> ErasureRead:
        """How far an erasure is."""
        return await self.get(ErasureRead, f"/erasures/of/{contact_id}", HUB)

    async def erasures(self) -> list[ErasureRead]:
        """Everybody who was erased, by ids that lead to nobody."""
        return await self.get(list[ErasureRead], "/erasures", HUB)

    async def reapply(self, contact_id: str) -> Reapplied:
        """Erase somebody once more, after a restore of what was before."""
        return await self.send(Reapplied, "POST", f"/erasures/of/{contact_id}/reapply", HUB)
