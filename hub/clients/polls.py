"""Polls for a date, for who opened them and for those asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.calling import Client
from services.kit.identity import Identity
from services.scheduling.gatherings.schemas import GatheringRead
from services.scheduling.polls.schemas import BallotSecret, PollBrief, PollRead, PollToVote


class Polls(Client):
    """Polls for a date, for who opened them and for those asked."""

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
