"""What the gateway asks about other ways to sign in: passkeys, and accounts at providers."""

from collections.abc import Mapping
from typing import Any

from hub.calling import HUB, Client
from services.kit.identity import Identity
from services.membership.accounts.schemas import Entry, SessionStarted
from services.membership.identities.schemas import IdentityRead, SignInAnswer
from services.membership.passkeys.schemas import PasskeyRead

Json = dict[str, Any]


class Proofs(Client):
    """Membership, as far as it concerns ways to sign in beside mail."""

    async def ask_passkey(self, origin: str, holder: str) -> Json:
        """What a browser asks a device for that is to sign somebody in."""
        order = {"origin": origin, "holder": holder}
        return await self.send(Json, "POST", "/passkeys/options", HUB, order)

    async def sign_in_by_passkey(
        self, credential: Mapping[str, Any], origin: str, holder: str, entry: Entry
    ) -> SessionStarted:
        """Sign in by what a device signed."""
        order = {
            "credential": credential,
            "origin": origin,
            "holder": holder,
            "entry": entry.model_dump(),
        }
        return await self.send(SessionStarted, "POST", "/passkeys/sessions", HUB, order)

    async def ask_new_passkey(self, origin: str, holder: str, hub: str, identity: Identity) -> Json:
        """What a browser asks a device for that is to hold a passkey."""
        order = {"origin": origin, "holder": holder, "hub": hub}
        return await self.send(Json, "POST", "/members/me/passkeys/options", identity, order)

    async def add_passkey(
        self,
        credential: Mapping[str, Any],
        label: str,
        origin: str,
        holder: str,
        identity: Identity,
    ) -> PasskeyRead:
        """Add the passkey that a device made."""
        order = {"credential": credential, "label": label, "origin": origin, "holder": holder}
        return await self.send(PasskeyRead, "POST", "/members/me/passkeys", identity, order)

    async def passkeys(self, identity: Identity) -> list[PasskeyRead]:
        """The member's passkeys."""
        return await self.get(list[PasskeyRead], "/members/me/passkeys", identity)

    async def rename_passkey(self, id: str, label: str, identity: Identity) -> None:
        """Call a passkey something else."""
        await self.tell("PATCH", f"/members/me/passkeys/{id}", identity, {"label": label})

    async def remove_passkey(self, id: str, identity: Identity) -> None:
        """Take a passkey away."""
        await self.tell("DELETE", f"/members/me/passkeys/{id}", identity)

    async def sign_in_by_identity(
        self, issuer: str, subject: str, verified_email: str | None, entry: Entry
    ) -> SignInAnswer:
        """Sign in whom a provider has vouched for, if the hub knows them."""
        used = {
            "issuer": issuer,
            "subject": subject,
            "verified_email": verified_email,
            "entry": entry.model_dump(),
        }
        return await self.send(SignInAnswer, "POST", "/identities/sign-ins", HUB, used)

    async def link_identity(self, contact_id: str, issuer: str, subject: str) -> IdentityRead:
        """Link an account at a provider with a member."""
        path = f"/members/{contact_id}/identities"
        proved = {"issuer": issuer, "subject": subject}
        return await self.send(IdentityRead, "PUT", path, HUB, proved)

    async def identities(self, identity: Identity) -> list[IdentityRead]:
        """The accounts at providers that sign the member in."""
        return await self.get(list[IdentityRead], "/members/me/identities", identity)

    async def unlink_identity(self, id: str, identity: Identity) -> None:
        """Unlink one of them."""
        await self.tell("DELETE", f"/members/me/identities/{id}", identity)
