"""A gathering while it runs and afterwards: the way in, the door, attendance, feedback."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from events.catalogue.scheduling import Arrival
from hub.calling import Client
from services.kit.identity import ANYONE, Identity
from services.scheduling.attendance.schemas import (
    AttendanceRead,
    CertificateRead,
    Counted,
    EntryRead,
    Presence,
    TicketCode,
    TicketRead,
)
from services.scheduling.feedback.schemas import FeedbackRead, FeedbackStanding
from services.scheduling.statistics.schemas import SeatCounts, StatisticsRead


class Running(Client):
    """A gathering while it runs and afterwards."""

    async def enter(self, id: str, identity: Identity) -> EntryRead:
        """The way in to a gathering online; who comes by it is written down."""
        return await self.send(EntryRead, "POST", f"/gatherings/{id}/enter", identity)

    async def enter_by_secret(self, secret: str) -> EntryRead:
        """The same by a mail's link."""
        path = f"/registrations/by-secret/{secret}/enter"
        return await self.send(EntryRead, "POST", path, ANYONE)

    async def walk_in(
        self,
        id: str,
        contact_id: str,
        arrival: Arrival,
        identity: Identity,
        occurrence: datetime | None = None,
    ) -> EntryRead:
        """Let in somebody without a registration, if a seat is left."""
        order = {"contact_id": contact_id, "arrival": arrival, "occurrence": _local(occurrence)}
        return await self.send(EntryRead, "POST", f"/gatherings/{id}/walk-ins", identity, order)

    async def direct_address(self, id: str, identity: Identity) -> EntryRead:
        """The online address itself: for the organiser, and for those with a seat once released."""
        return await self.get(EntryRead, f"/gatherings/{id}/direct-address", identity)

    async def release_address(self, id: str, identity: Identity, *, released: bool) -> None:
        """Show the direct address to everybody with a seat, or to nobody any more."""
        what = "release" if released else "hide"
        await self.tell("POST", f"/gatherings/{id}/direct-address/{what}", identity)

    async def attendance(
        self, id: str, identity: Identity, occurrence: datetime | None = None
    ) -> AttendanceRead:
        """Everybody with a seat at one date, and who came."""
        return await self.get(
            AttendanceRead, f"/gatherings/{id}/attendance", identity, occurrence=_local(occurrence)
        )

    async def take_over_attendance(
        self,
        id: str,
        registration_ids: Sequence[str],
        identity: Identity,
        occurrence: datetime | None = None,
    ) -> Counted:
        """Write down those of whom the video service says that they came."""
        order = {"registration_ids": registration_ids, "occurrence": _local(occurrence)}
        path = f"/gatherings/{id}/attendance/import"
        return await self.send(Counted, "POST", path, identity, order)

    async def check_in(
        self, id: str, identity: Identity, occurrence: datetime | None = None, *, undo: bool = False
    ) -> Presence:
        """Write down that somebody is here, or take that back."""
        path = f"/registrations/{id}/check-in{'/undo' if undo else ''}"
        order = {"occurrence": _local(occurrence)}
        return await self.send(Presence, "POST", path, identity, order)

    async def ticket_code(self, id: str, identity: Identity) -> str:
        """The code that a person shows at the door."""
        path = f"/registrations/{id}/ticket"
        return (await self.send(TicketCode, "POST", path, identity)).code

    async def ticket_code_by_secret(self, secret: str) -> str:
        """The same by a mail's link."""
        path = f"/registrations/by-secret/{secret}/ticket"
        return (await self.send(TicketCode, "POST", path, ANYONE)).code

    async def ticket(self, code: str, identity: Identity) -> TicketRead:
        """Whose code this is; for the organiser."""
        return await self.get(TicketRead, f"/tickets/{code}", identity)

    async def certificate(self, id: str, identity: Identity) -> CertificateRead:
        """What may be certified of the caller's attendance."""
        return await self.get(CertificateRead, f"/gatherings/{id}/certificate", identity)

    async def give_feedback(self, id: str, order: Mapping[str, Any], identity: Identity) -> None:
        """Say how it was."""
        await self.tell("POST", f"/gatherings/{id}/feedback", identity, order)

    async def feedback_standing(self, id: str, identity: Identity) -> FeedbackStanding:
        """Whether the caller may say how it was, or has."""
        return await self.get(FeedbackStanding, f"/gatherings/{id}/feedback/mine", identity)

    async def give_feedback_by_secret(self, secret: str, order: Mapping[str, Any]) -> None:
        """Say how it was by a mail's link."""
        await self.tell("POST", f"/registrations/by-secret/{secret}/feedback", ANYONE, order)

    async def feedback_standing_by_secret(self, secret: str) -> FeedbackStanding:
        """Whether one may say how it was by a mail's link."""
        return await self.get(FeedbackStanding, f"/registrations/by-secret/{secret}/feedback")

    async def feedback(self, id: str, identity: Identity) -> FeedbackRead:
        """What all said; for the organiser."""
        return await self.get(FeedbackRead, f"/gatherings/{id}/feedback", identity)

    async def seat_counts(self, ids: Sequence[str], identity: Identity) -> list[SeatCounts]:
        """How many have seats and wait, of those gatherings that the caller looks after."""
        return await self.get(list[SeatCounts], "/statistics", identity, ids=ids)

    async def statistics(self, id: str, identity: Identity) -> StatisticsRead:
        """How a gathering fills, and with whom; for who looks after it."""
        return await self.get(StatisticsRead, f"/gatherings/{id}/statistics", identity)


def _local(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
