"""What the gateway asks about one's own profile: consents, addresses, invitations, checks."""

from collections.abc import Mapping
from typing import Any

from hub.calling import HUB, Client
from services.kit.identity import Identity
from services.membership.accounts.schemas import Entry, SessionStarted
from services.membership.consents.schemas import ConsentAsked, ConsentRead
from services.membership.contacts.schemas import MemberProfile
from services.membership.joining.schemas import InvitationRead


class Profile(Client):
    """Membership, as far as it concerns one's own profile."""

    async def consents_asked(self) -> list[ConsentAsked]:
        """What people are asked to agree to, in the reader's language."""
        return await self.get(list[ConsentAsked], "/consents")

    async def own_consents(self, identity: Identity) -> list[ConsentRead]:
        """Every answer the member gave, newest first."""
        return await self.get(list[ConsentRead], "/members/me/consents", identity)

    async def answer_consent(self, purpose: str, given: bool, identity: Identity) -> MemberProfile:
        """Give or take back one consent."""
        wish = {"purpose": purpose, "given": given}
        return await self.send(MemberProfile, "POST", "/members/me/consents", identity, wish)

    async def invitation(self, secret: str) -> InvitationRead:
        """What is known of whom an invitation is for."""
        return await self.send(
            InvitationRead, "POST", "/invitations/lookup", HUB, {"secret": secret}
        )

    async def accept_invitation(self, order: Mapping[str, Any], entry: Entry) -> SessionStarted:
        """Use an invitation, and sign in."""
        whole = {**order, "entry": entry.model_dump()}
        return await self.send(SessionStarted, "POST", "/invitations/accept", HUB, whole)

    async def ask_address(self, email: str, identity: Identity) -> None:
        """Ask to move to another address; always accepted alike."""
        await self.tell("POST", "/members/me/address", identity, {"email": email})

    async def confirm_address(self, secret: str) -> None:
        """Use the link that went to the new address."""
        await self.tell("POST", "/address-changes", HUB, {"secret": secret})

    async def take_address_back(self, secret: str) -> None:
        """Use the link that went to the address from before."""
        await self.tell("POST", "/address-changes/undo", HUB, {"secret": secret})

    async def still_right(self, identity: Identity) -> None:
        """Say that one's own profile still holds."""
        await self.tell("POST", "/members/me/checked", identity)

    async def still_right_by_link(self, secret: str) -> None:
        """The same by the link of a mail."""
        await self.tell("POST", "/profile-checks", HUB, {"secret": secret})
