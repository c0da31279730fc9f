"""Registering for a gathering: for the person, by a mail's link, and for the organiser."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.calling import Client
from services.kit.identity import ANYONE, Identity
from services.scheduling.admission.schemas import AdmissionRead
from services.scheduling.invitations.schemas import InvitationRead
from services.scheduling.questions.schemas import AnswersRead, QuestionRead
from services.scheduling.registrations.schemas import (
    DateOpen,
    RegistrationDetails,
    RegistrationRead,
)


class Registrations(Client):
    """Registering for a gathering."""

    async def open_dates(self, id: str, identity: Identity) -> list[DateOpen]:
        """The dates to choose from, where people register for each; else none."""
        return await self.get(list[DateOpen], f"/gatherings/{id}/dates", identity)

    async def register(
        self,
        gathering_id: str,
        identity: Identity,
        *,
        contact_id: str | None = None,
        unproved: bool = False,
        **more: Any,
    ) -> RegistrationRead:
        """Take a seat or a place in line; `more` says where, answers and needs.

        Of `unproved` contacts nobody has shown yet to be behind the address.
        """
        order = {
            "gathering_id": gathering_id,
            "contact_id": contact_id,
            "unproved": unproved,
            **more,
        }
        return await self.send(RegistrationRead, "POST", "/registrations", identity, order)

    async def cancel(self, id: str, identity: Identity) -> RegistrationRead:
        """Give up a seat or a place in line."""
        return await self.send(RegistrationRead, "POST", f"/registrations/{id}/cancel", identity)

    async def registration(self, id: str, identity: Identity) -> RegistrationDetails:
        """One registration of the caller."""
        return await self.get(RegistrationDetails, f"/registrations/{id}", identity)

    async def change_registration(
        self, id: str, change: Mapping[str, Any], identity: Identity
    ) -> RegistrationDetails:
        """Change answers, needs, or where one takes part."""
        path = f"/registrations/{id}"
        return await self.send(RegistrationDetails, "PATCH", path, identity, change)

    async def take_up(self, id: str, identity: Identity) -> RegistrationRead:
        """Take a seat that is offered."""
        return await self.send(RegistrationRead, "POST", f"/registrations/{id}/take-up", identity)

    async def decide(self, id: str, identity: Identity, *, approved: bool) -> RegistrationRead:
        """Give a seat to somebody who asked for it, or not."""
        path = f"/registrations/{id}/{'approve' if approved else 'decline'}"
        return await self.send(RegistrationRead, "POST", path, identity)

    async def by_secret(self, secret: str) -> RegistrationDetails:
        """The registration behind a mail's link."""
        return await self.get(RegistrationDetails, f"/registrations/by-secret/{secret}")

    async def change_by_secret(self, secret: str, change: Mapping[str, Any]) -> RegistrationDetails:
        """Change it by a mail's link."""
        path = f"/registrations/by-secret/{secret}"
        return await self.send(RegistrationDetails, "PATCH", path, ANYONE, change)

    async def take_up_by_secret(self, secret: str) -> RegistrationRead:
        """Confirm a seat that is held, or take one that is offered, by a mail's link."""
        path = f"/registrations/by-secret/{secret}/take-up"
        return await self.send(RegistrationRead, "POST", path, ANYONE)

    async def questions(self, id: str, identity: Identity) -> list[QuestionRead]:
        """What is asked of those who register."""
        return await self.get(list[QuestionRead], f"/gatherings/{id}/questions", identity)

    async def ask(self, id: str, order: Mapping[str, Any], identity: Identity) -> QuestionRead:
        """Ask something of those who register."""
        path = f"/gatherings/{id}/questions"
        return await self.send(QuestionRead, "POST", path, identity, order)

    async def withdraw_question(self, id: str, identity: Identity) -> None:
        """Ask it no more."""
        await self.tell("POST", f"/questions/{id}/withdraw", identity)

    async def answers(self, id: str, identity: Identity) -> list[AnswersRead]:
        """What everybody answered, and what they need to take part."""
        return await self.get(list[AnswersRead], f"/gatherings/{id}/answers", identity)

    async def admission(self, id: str, identity: Identity) -> AdmissionRead:
        """Who may register, when, and for which seats."""
        return await self.get(AdmissionRead, f"/gatherings/{id}/admission", identity)

    async def set_admission(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> AdmissionRead:
        """Have it so from now on."""
        path = f"/gatherings/{id}/admission"
        return await self.send(AdmissionRead, "PUT", path, identity, order)

    async def cancel_by_secret(self, secret: str) -> RegistrationRead:
        """Give up a seat by a mail's link."""
        path = f"/registrations/by-secret/{secret}/cancel"
        return await self.send(RegistrationRead, "POST", path, ANYONE)

    async def invited(self, id: str, identity: Identity) -> list[InvitationRead]:
        """Who is invited to a gathering; for its organiser."""
        return await self.get(list[InvitationRead], f"/gatherings/{id}/invitations", identity)

    async def invite_to_gathering(
        self, id: str, contact_ids: Sequence[str], identity: Identity
    ) -> None:
        """Invite people by a mail each."""
        order = {"contact_ids": contact_ids}
        await self.tell("POST", f"/gatherings/{id}/invitations", identity, order)

    async def take_invitation_back(self, id: str, contact_id: str, identity: Identity) -> None:
        """Take an invitation back."""
        await self.tell("DELETE", f"/gatherings/{id}/invitations/{contact_id}", identity)
