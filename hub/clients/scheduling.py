"""The gateway's client of scheduling."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from events.catalogue.scheduling import Arrival
from hub.calling import HUB, Client
from services.kit.identity import ANYONE, Identity
from services.scheduling.admission.schemas import AdmissionRead
from services.scheduling.agenda.schemas import (
    AgendaEntry,
    SessionFound,
    SessionRead,
    SessionsTaken,
)
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
from services.scheduling.files.schemas import FileStored
from services.scheduling.gatherings.schemas import (
    GatheringBrief,
    GatheringCounts,
    GatheringRead,
)
from services.scheduling.imports.schemas import GatheringTaken
from services.scheduling.invitations.schemas import InvitationRead
from services.scheduling.materials.schemas import MaterialRead
from services.scheduling.occurrences.schemas import OccurrenceRead
from services.scheduling.people.schemas import Role
from services.scheduling.polls.schemas import BallotSecret, PollBrief, PollRead, PollToVote
from services.scheduling.questions.schemas import AnswersRead, QuestionRead
from services.scheduling.registrations.schemas import (
    DateOpen,
    RegistrationDetails,
    RegistrationRead,
)
from services.scheduling.statistics.schemas import SeatCounts, StatisticsRead
from services.scheduling.versions.schemas import VersionRead


class Scheduling(Client):
    """Gatherings and registrations."""

    async def gatherings(
        self,
        identity: Identity,
        *,
        past: bool = False,
        asked: Mapping[str, Any] | None = None,
        begins: datetime | None = None,
        ends: datetime | None = None,
        organiser_id: str | None = None,
        ids: Sequence[str] | None = None,
        registered: bool = False,
        own: bool = False,
        q: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[GatheringBrief]:
        """Coming or past gatherings, those between two moments, those with the given ids, or those
        `registered` for; `asked` narrows them by topic, kind, mode, language, region and seats.

        With `own`, each comes with the caller's registration.
        """
        return await self.get(
            list[GatheringBrief],
            "/gatherings",
            identity,
            past=past,
            begins=begins.isoformat() if begins else None,
            ends=ends.isoformat() if ends else None,
            organiser_id=organiser_id,
            ids=ids,
            registered=registered or None,
            own=own or None,
            limit=limit,
            offset=offset,
            **{"q": q, **(asked or {})},
        )

    async def regions(self, identity: Identity) -> list[str]:
        """Codes of the regions in which gatherings are coming."""
        return await self.get(list[str], "/gatherings/regions", identity)

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

    async def publish(self, id: str, identity: Identity) -> GatheringRead:
        """Open a draft for registration."""
        return await self.send(GatheringRead, "POST", f"/gatherings/{id}/publish", identity)

    async def postpone(self, id: str, identity: Identity) -> GatheringRead:
        """Put a gathering off until it has a new date."""
        return await self.send(GatheringRead, "POST", f"/gatherings/{id}/postpone", identity)

    async def duplicate(self, id: str, identity: Identity) -> GatheringRead:
        """A draft that begins as a gathering is."""
        return await self.send(GatheringRead, "POST", f"/gatherings/{id}/duplicate", identity)

    async def add_person(
        self, id: str, contact_id: str, role: Role, identity: Identity
    ) -> GatheringRead:
        """Name somebody who helps to run a gathering, or a host."""
        order = {"contact_id": contact_id, "role": role}
        return await self.send(GatheringRead, "POST", f"/gatherings/{id}/people", identity, order)

    async def remove_person(
        self, id: str, contact_id: str, role: Role, identity: Identity
    ) -> GatheringRead:
        """Take somebody's part back."""
        order = {"contact_id": contact_id, "role": role}
        path = f"/gatherings/{id}/people/remove"
        return await self.send(GatheringRead, "POST", path, identity, order)

    async def versions(self, reference: str, identity: Identity) -> list[VersionRead]:
        """What changed of a gathering, newest first."""
        return await self.get(list[VersionRead], f"/gatherings/{reference}/versions", identity)

    async def occurrences(self, reference: str, identity: Identity) -> list[OccurrenceRead]:
        """Every date of a gathering, those called off too; for the organiser."""
        path = f"/gatherings/{reference}/occurrences"
        return await self.get(list[OccurrenceRead], path, identity)

    async def change_occurrence(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> GatheringRead:
        """Move, rename or place one date elsewhere, or it and all later ones."""
        path = f"/gatherings/{id}/occurrences/change"
        return await self.send(GatheringRead, "POST", path, identity, order)

    async def cancel_occurrence(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> GatheringRead:
        """Call off one date, or it and all later ones."""
        path = f"/gatherings/{id}/occurrences/cancel"
        return await self.send(GatheringRead, "POST", path, identity, order)

    async def cancel_gathering(self, id: str, identity: Identity) -> GatheringRead:
        """Call a gathering off."""
        return await self.send(GatheringRead, "POST", f"/gatherings/{id}/cancel", identity)

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

    async def open_poll(self, order: Mapping[str, Any], identity: Identity) -> PollRead:
        """Ask about some dates."""
        return await self.send(PollRead, "POST", "/polls", identity, order)

    async def polls(self, identity: Identity) -> list[PollBrief]:
        """The caller's own polls, newest first."""
        return await self.get(list[PollBrief], "/polls", identity)

    async def poll(self, id: str, identity: Identity) -> PollRead:
        """A poll with all its votes; for its organiser."""
        return await self.get(PollRead, f"/polls/{id}", identity)

    async def invite_to_poll(
        self, id: str, invitations: Sequence[Mapping[str, Any]], identity: Identity
    ) -> PollRead:
        """Ask people by a mail each."""
        order = {"invitations": invitations}
        return await self.send(PollRead, "POST", f"/polls/{id}/invitations", identity, order)

    async def close_poll(self, id: str, identity: Identity) -> PollRead:
        """Take no more votes."""
        return await self.send(PollRead, "POST", f"/polls/{id}/close", identity)

    async def delete_poll(self, id: str, identity: Identity) -> None:
        """Delete a poll with all that people said."""
        await self.tell("DELETE", f"/polls/{id}", identity)

    async def choose_date(self, id: str, slot_id: str, identity: Identity) -> GatheringRead:
        """Make a draft of a gathering on one of a poll's dates."""
        order = {"slot_id": slot_id}
        return await self.send(GatheringRead, "POST", f"/polls/{id}/choose", identity, order)

    async def ballot(self, poll_id: str, identity: Identity) -> PollToVote:
        """A poll for a member who was asked."""
        return await self.get(PollToVote, f"/polls/{poll_id}/ballot", identity)

    async def vote(self, poll_id: str, order: Mapping[str, Any], identity: Identity) -> None:
        """Vote as a member who was asked."""
        await self.tell("POST", f"/polls/{poll_id}/ballot", identity, order)

    async def ballot_by_secret(self, secret: str, identity: Identity) -> PollToVote:
        """The poll behind a link."""
        return await self.get(PollToVote, f"/ballots/by-secret/{secret}", identity)

    async def vote_by_secret(
        self, secret: str, order: Mapping[str, Any], identity: Identity
    ) -> str:
        """Vote by a link; returns the secret by which the vote can be changed."""
        path = f"/ballots/by-secret/{secret}"
        return (await self.send(BallotSecret, "POST", path, identity, order)).secret

    async def materials(self, id: str, identity: Identity) -> list[MaterialRead]:
        """What is left of a gathering, for those with a seat."""
        return await self.get(list[MaterialRead], f"/gatherings/{id}/materials", identity)

    async def materials_by_secret(self, secret: str) -> list[MaterialRead]:
        """The same by a mail's link."""
        path = f"/registrations/by-secret/{secret}/materials"
        return await self.get(list[MaterialRead], path)

    async def add_material(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> MaterialRead:
        """Put a file or a link beside a gathering."""
        path = f"/gatherings/{id}/materials"
        return await self.send(MaterialRead, "POST", path, identity, order)

    async def remove_material(self, id: str, material_id: str, identity: Identity) -> None:
        """Take it away again."""
        await self.tell("DELETE", f"/gatherings/{id}/materials/{material_id}", identity)

    async def tell_of_materials(self, id: str, identity: Identity) -> None:
        """Have everybody with a seat told what is new."""
        await self.tell("POST", f"/gatherings/{id}/materials/tell", identity)

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

    async def set_cover(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> GatheringRead:
        """Give a gathering a picture that was brought, or other words for it."""
        return await self.send(GatheringRead, "PUT", f"/gatherings/{id}/cover", identity, order)

    async def remove_cover(self, id: str, identity: Identity) -> None:
        """Take the picture away again."""
        await self.tell("DELETE", f"/gatherings/{id}/cover", identity)

    async def put_file(self, content: bytes) -> FileStored:
        """Keep a file; pages say who may bring one, and name it in what is sent next."""
        return await self.bring(FileStored, "/files", HUB, content)

    async def file(self, id: str) -> bytes:
        """A file's bytes; pages say who may have it."""
        return await self.fetch(f"/files/{id}", HUB)

    async def take_in(
        self, order: Mapping[str, Any], identity: Identity, *, dry_run: bool = False
    ) -> GatheringTaken:
        """Bring in a gathering from elsewhere, once by its UID."""
        path = f"/imports/gatherings{'?dry_run=true' if dry_run else ''}"
        return await self.send(GatheringTaken, "POST", path, identity, order)

    async def take_in_sessions(
        self,
        id: str,
        sessions: Sequence[Mapping[str, Any]],
        identity: Identity,
        *,
        dry_run: bool = False,
    ) -> SessionsTaken:
        """Bring in sessions of an agenda from elsewhere, each once by its UID."""
        path = f"/gatherings/{id}/sessions/import{'?dry_run=true' if dry_run else ''}"
        return await self.send(SessionsTaken, "POST", path, identity, {"sessions": sessions})

    async def sessions(self, reference: str, identity: Identity) -> list[AgendaEntry]:
        """The agenda of a gathering."""
        return await self.get(list[AgendaEntry], f"/gatherings/{reference}/sessions", identity)

    async def session(self, reference: str, slug: str, identity: Identity) -> SessionRead:
        """One session of a gathering."""
        path = f"/gatherings/{reference}/sessions/{slug}"
        return await self.get(SessionRead, path, identity)

    async def find_sessions(self, q: str, identity: Identity, *, limit: int) -> list[SessionFound]:
        """Sessions of all agendas with these words."""
        return await self.get(list[SessionFound], "/sessions", identity, q=q, limit=limit)

    async def add_session(
        self, id: str, order: Mapping[str, Any], identity: Identity
    ) -> SessionRead:
        """Add a session to an agenda."""
        path = f"/gatherings/{id}/sessions"
        return await self.send(SessionRead, "POST", path, identity, order)

    async def update_session(
        self, id: str, session_id: str, change: Mapping[str, Any], identity: Identity
    ) -> SessionRead:
        """Change a session."""
        path = f"/gatherings/{id}/sessions/{session_id}"
        return await self.send(SessionRead, "PATCH", path, identity, change)

    async def remove_session(self, id: str, session_id: str, identity: Identity) -> None:
        """Take a session out."""
        await self.tell("DELETE", f"/gatherings/{id}/sessions/{session_id}", identity)


def _local(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
