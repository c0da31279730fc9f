"""The gateway's client of scheduling."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.calling import HUB
from hub.clients.polls import Polls
from hub.clients.registrations import Registrations
from hub.clients.running import Running
from services.kit.identity import Identity
from services.scheduling.agenda.schemas import (
    AgendaEntry,
    SessionFound,
    SessionRead,
    SessionsTaken,
)
from services.scheduling.files.schemas import FileStored
from services.scheduling.gatherings.schemas import GatheringBrief, GatheringCounts, GatheringRead
from services.scheduling.imports.schemas import GatheringTaken
from services.scheduling.materials.schemas import MaterialRead
from services.scheduling.occurrences.schemas import OccurrenceRead
from services.scheduling.people.schemas import Role
from services.scheduling.versions.schemas import VersionRead


class Scheduling(Registrations, Running, Polls):
    """Gatherings, their agendas and files, and everything about taking part."""

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
