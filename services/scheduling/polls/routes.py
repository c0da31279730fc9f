"""HTTP to the polls' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Caller, HubItself, Identity, Member, needs
from services.kit.routes import Router
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.schemas import GatheringRead
from services.scheduling.polls import service
from services.scheduling.polls.schemas import (
    BallotSecret,
    Chosen,
    InvitationsCreate,
    PollBrief,
    PollCreate,
    PollRead,
    PollToVote,
    Voted,
)

router = Router(tags=["polls"])

Organiser = Annotated[Identity, Depends(needs("organiser", "coordinator"))]
Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@router.post("/polls", status_code=201)
def create_poll(db: Db, caller: Organiser, order: PollCreate) -> PollRead:
    """Ask about some dates."""
    moment = datetime.now(UTC)
    with db.unit_of_work() as session:
        poll = service.create(session, order=order, organiser=caller, moment=moment)
        return service.read(session, id=poll.id, caller=caller, moment=moment)


@router.get("/polls")
def list_polls(db: Db, caller: Member) -> list[PollBrief]:
    """The caller's own polls, newest first."""
    with db.reader() as session:
        return service.of_organiser(session, caller=caller, moment=datetime.now(UTC))


@router.get("/polls/{id}")
def read_poll(db: Db, caller: Member, id: Id) -> PollRead:
    """A poll with all its votes; for its organiser."""
    with db.reader() as session:
        return service.read(session, id=id, caller=caller, moment=datetime.now(UTC))


@router.post("/polls/{id}/invitations")
def invite_to_poll(db: Db, caller: Member, id: Id, order: InvitationsCreate) -> PollRead:
    """Ask people by a mail each."""
    moment = datetime.now(UTC)
    with db.unit_of_work() as session:
        service.invite(session, id=id, invitations=order.invitations, caller=caller, moment=moment)
        return service.read(session, id=id, caller=caller, moment=moment)


@router.post("/polls/{id}/close")
def close_poll(db: Db, caller: Member, id: Id) -> PollRead:
    """Take no more votes."""
    moment = datetime.now(UTC)
    with db.unit_of_work() as session:
        service.close(session, id=id, caller=caller, moment=moment)
        return service.read(session, id=id, caller=caller, moment=moment)


@router.delete("/polls/{id}", status_code=204)
def delete_poll(db: Db, caller: Member, id: Id) -> None:
    """Delete a poll with all that people said."""
    with db.unit_of_work() as session:
        service.remove(session, id=id, caller=caller)


@router.post("/polls/{id}/choose")
def choose_date(db: Db, caller: Member, id: Id, order: Chosen) -> GatheringRead:
    """Make a draft of a gathering on one of the dates."""
    with db.unit_of_work() as session:
        return gatherings.read(
            service.choose(
                session, id=id, slot_id=order.slot_id, caller=caller, moment=datetime.now(UTC)
            )
        )


@router.get("/polls/{id}/ballot")
def read_own_ballot(db: Db, caller: Member, id: Id) -> PollToVote:
    """The poll for a member who was asked."""
    with db.reader() as session:
        return service.to_vote(session, id=id, caller=caller, moment=datetime.now(UTC))


@router.post("/polls/{id}/ballot", status_code=204)
def vote(db: Db, caller: Member, id: Id, order: Voted) -> None:
    """Vote as a member who was asked."""
    with db.unit_of_work() as session:
        service.vote(session, id=id, caller=caller, order=order, moment=datetime.now(UTC))


@router.get("/ballots/by-secret/{secret}")
def read_poll_by_secret(db: Db, caller: Caller, secret: Secret) -> PollToVote:
    """The poll behind a link."""
    with db.reader() as session:
        return service.to_vote_by_secret(
            session, secret=secret, caller=caller, moment=datetime.now(UTC)
        )


@router.post("/ballots/by-secret/{secret}")
def vote_by_secret(db: Db, caller: Caller, secret: Secret, order: Voted) -> BallotSecret:
    """Vote by a link; the answer is the secret by which the vote can be changed."""
    with db.unit_of_work() as session:
        _ballot, own = service.vote_by_secret(
            session, secret=secret, caller=caller, order=order, moment=datetime.now(UTC)
        )
        return BallotSecret(secret=own)


@router.post("/ballots/{id}/link")
def mint_ballot_link(db: Db, hub: HubItself, id: Id) -> BallotSecret:
    """A new secret for the mail that asks a person; for the hub itself."""
    with db.unit_of_work() as session:
        return BallotSecret(
            secret=service.mint_link(session, ballot_id=id, moment=datetime.now(UTC))
        )
