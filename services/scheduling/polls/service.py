"""Use cases of polls; whoever changes one holds its row from begin to commit."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, func, select

from events import outbox
from events.catalogue.scheduling import PollClosed, PollInvited, PollOpened, PollState
from events.envelope import new_id
from services.kit.audience import only
from services.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from services.kit.identity import Identity
from services.kit.timers import drop_timer, set_timer
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.schemas import GatheringCreate
from services.scheduling.occurrences.rules import to_utc
from services.scheduling.polls.models import Ballot, BallotLink, Poll, Slot
from services.scheduling.polls.rules import (
    Vote,
    check_open,
    check_role,
    check_times,
    check_votes,
    suggested,
    tally,
)
from services.scheduling.polls.schemas import (
    BallotRead,
    Invitation,
    PollBrief,
    PollCreate,
    PollRead,
    PollToVote,
    SlotRead,
    Voted,
)

CLOSE = "poll.close"
MOST_BALLOTS = 500
"""People who can be asked by one poll."""


def create(session: Session, *, order: PollCreate, organiser: Identity, moment: datetime) -> Poll:
    """Ask about some dates; raises Invalid."""
    if not organiser.contact_id:
        raise Forbidden("Only a person can organise an event.")
    slots = sorted(order.slots)
    starts = [to_utc(start, order.time_zone, field="slots") for start in slots]
    closes_at = to_utc(order.closes_local, order.time_zone, field="closes_local")
    check_times(starts, closes_at, moment)
    poll = Poll(
        **order.model_dump(exclude={"slots", "closes_local"}),
        id=new_id(),
        version=1,
        organiser_id=organiser.contact_id,
        code=secrets.token_urlsafe(24),
        closes_at=closes_at,
        opened_at=moment,
    )
    session.add(poll)
    session.flush()
    for start, at in zip(slots, starts, strict=True):
        session.add(Slot(id=new_id(), poll_id=poll.id, starts_local=start, starts_at=at))
    session.flush()
    set_timer(session, kind=CLOSE, key=poll.id, due_at=closes_at)
    opened = PollOpened(poll_id=poll.id, organiser_id=poll.organiser_id)
    outbox.add(session, _state_of(poll), opened)
    return poll


def invite(
    session: Session,
    *,
    id: str,
    invitations: Sequence[Invitation],
    caller: Identity,
    moment: datetime,
) -> Poll:
    """Ask people by a mail each; who was asked before gets no second one, but another part."""
    poll = _locked(session, id, caller)
    check_open(status=poll.status, closes_at=poll.closes_at, moment=moment)
    wanted = {one.contact_id: one for one in invitations}
    for one in wanted.values():
        check_role(one.role, poll.roles)
    known = session.exec(
        select(Ballot).where(Ballot.poll_id == id, col(Ballot.contact_id).in_(wanted))
    ).all()
    for ballot in known:
        ballot.role = wanted.pop(ballot.contact_id or "").role or ballot.role
        session.add(ballot)
    for contact_id, one in wanted.items():
        _check_room(session, id)
        ballot = Ballot(
            id=new_id(), poll_id=id, contact_id=contact_id, name=one.name, role=one.role
        )
        session.add(ballot)
        session.flush()
        outbox.add(session, PollInvited(poll_id=id, ballot_id=ballot.id, contact_id=contact_id))
    return poll


def vote(session: Session, *, id: str, caller: Identity, order: Voted, moment: datetime) -> Ballot:
    """Take the vote of a member who was asked, or change it; raises NotFound."""
    own = _own_ballot(session, id, caller)
    if own is None:
        raise NotFound("There is no such poll for you.")
    poll = _held(session, id)
    return _vote(session, poll, own, order, moment)


def vote_by_secret(
    session: Session, *, secret: str, caller: Identity, order: Voted, moment: datetime
) -> tuple[Ballot, str]:
    """Take a vote by link, or change it; returns the secret by which it can be changed later.

    By the link that all share everybody has one ballot more, but for members, who are known.
    """
    ballot = _by_link(session, secret)
    poll = _held(session, ballot.poll_id if ballot else _by_code(session, secret).id)
    if ballot:
        return _vote(session, poll, ballot, order, moment), secret
    own = _own_ballot(session, poll.id, caller)
    if own is None:
        _check_room(session, poll.id)
        check_role(order.role, poll.roles)
        name = "" if caller.contact_id else order.name
        if not caller.contact_id and not name:
            raise Invalid("Please write your name.", field="name")
        own = Ballot(
            id=new_id(),
            poll_id=poll.id,
            contact_id=caller.contact_id,
            name=name,
            role=order.role,
        )
    _vote(session, poll, own, order, moment)
    return own, secret if caller.contact_id else _link(session, own.id)


def close(session: Session, *, id: str, caller: Identity, moment: datetime) -> Poll:
    """Take no more votes; doing it twice changes nothing."""
    poll = _locked(session, id, caller)
    if poll.status == "open":
        _close(session, poll, moment)
    return poll


def remove(session: Session, *, id: str, caller: Identity) -> None:
    """Delete a poll with all that people said; the draft that came of it stays."""
    _remove(session, _locked(session, id, caller))


def close_in_time(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when the last moment to answer has passed."""
    # Whoever holds the poll may be about to drop its timer, which is held here.
    poll = session.get(Poll, id, with_for_update={"nowait": True})
    if poll and poll.status == "open" and poll.closes_at <= moment:
        _close(session, poll, moment)


def choose(
    session: Session, *, id: str, slot_id: str, caller: Identity, moment: datetime
) -> Gathering:
    """Make a draft of a gathering on one of the dates and close the poll; once."""
    poll = _locked(session, id, caller)
    slot = session.get(Slot, slot_id)
    if slot is None or slot.poll_id != id:
        raise NotFound("This date is not part of the poll.")
    before = session.get(Gathering, poll.gathering_id) if poll.gathering_id else None
    if before:
        if before.starts_local == slot.starts_local:
            return before
        raise Conflict("There is a draft from this poll already. Change its date there.")
    order = GatheringCreate(
        title=poll.title,
        description=poll.description,
        starts_local=slot.starts_local,
        ends_local=slot.starts_local + timedelta(minutes=poll.minutes),
        time_zone=poll.time_zone,
        draft=True,
    )
    gathering = gatherings.create(session, order=order, organiser=caller, moment=moment)
    poll.gathering_id = gathering.id
    if poll.status == "open":
        _close(session, poll, moment)
    session.add(poll)
    session.flush()
    return gathering


def mint_link(session: Session, *, ballot_id: str, moment: datetime) -> str:
    """A new secret for the mail that asks a person; earlier ones stay valid."""
    ballot = session.get(Ballot, ballot_id)
    if ballot is None:
        raise NotFound("There is no such ballot.")
    poll = session.get(Poll, ballot.poll_id)
    assert poll is not None
    if poll.status != "open" or moment >= poll.closes_at:
        raise Gone("This poll is closed.")
    return _link(session, ballot.id)


def of_organiser(session: Session, *, caller: Identity, moment: datetime) -> list[PollBrief]:
    """The caller's own polls, newest first."""
    polls = session.exec(
        select(Poll)
        .where(Poll.organiser_id == (caller.contact_id or ""))
        .order_by(col(Poll.id).desc())
        .limit(100)
    ).all()
    counts = _counts(session, [poll.id for poll in polls])
    return [PollBrief(**_brief(poll, counts[poll.id], moment)) for poll in polls]


def read(session: Session, *, id: str, caller: Identity, moment: datetime) -> PollRead:
    """A poll with all its votes, for its organiser; raises NotFound or Forbidden."""
    poll = session.get(Poll, id)
    if poll is None:
        raise NotFound("This poll does not exist.")
    _check_manages(poll, caller)
    slots, ballots = _slots(session, id), _ballots(session, id)
    shown = _standing(poll, slots, ballots)
    coming = {slot.id for slot in slots if slot.starts_at > moment}
    return PollRead(
        **_brief(poll, _count(ballots), moment),
        code=poll.code,
        slots=shown,
        suggested=suggested(
            tally([slot.id for slot in slots], _votes(ballots), poll.roles), coming
        ),
        ballots=[BallotRead.model_validate(ballot) for ballot in ballots],
    )


def to_vote(session: Session, *, id: str, caller: Identity, moment: datetime) -> PollToVote:
    """A poll as a member who was asked sees it; raises NotFound."""
    own = _own_ballot(session, id, caller)
    poll = session.get(Poll, id)
    if own is None or poll is None:
        raise NotFound("There is no such poll for you.")
    return _to_vote(session, poll, own, moment)


def to_vote_by_secret(
    session: Session, *, secret: str, caller: Identity, moment: datetime
) -> PollToVote:
    """A poll as the bearer of a link sees it; raises NotFound."""
    ballot = _by_link(session, secret)
    if ballot is None:
        poll = _by_code(session, secret)
        return _to_vote(session, poll, _own_ballot(session, poll.id, caller), moment)
    found = session.get(Poll, ballot.poll_id)
    assert found is not None
    return _to_vote(session, found, ballot, moment)


def of_person(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is kept of a person: polls they organise and how they voted."""
    organised = session.exec(
        select(Poll).where(Poll.organiser_id == contact_id).order_by(Poll.id)
    ).all()
    voted = session.exec(
        select(Ballot, Poll).join(Poll).where(Ballot.contact_id == contact_id).order_by(Ballot.id)
    ).all()
    return {
        "polls": [
            {
                **poll.model_dump(mode="json", exclude={"version", "organiser_id", "code"}),
                "dates": [slot.starts_local.isoformat() for slot in _slots(session, poll.id)],
            }
            for poll in organised
        ],
        "ballots": [
            {
                "poll": poll.title,
                "name": ballot.name,
                "role": ballot.role,
                "voted_at": ballot.voted_at.isoformat() if ballot.voted_at else None,
                "votes": {
                    slot.starts_local.isoformat(): ballot.votes[slot.id]
                    for slot in _slots(session, poll.id)
                    if slot.id in ballot.votes
                },
            }
            for ballot, poll in voted
        ],
    }


def forget(session: Session, contact_id: str) -> None:
    """Take a person out: their polls go, and so do their votes in those of others."""
    for id in session.exec(
        select(Poll.id).where(Poll.organiser_id == contact_id).order_by(Poll.id)
    ).all():
        _remove(session, _held(session, id))
    ballots = select(Ballot.id).where(Ballot.contact_id == contact_id)
    session.exec(delete(BallotLink).where(col(BallotLink.ballot_id).in_(ballots)))
    session.exec(delete(Ballot).where(col(Ballot.contact_id) == contact_id))


def expire(session: Session, moment: datetime, *, term: timedelta, most: int = 100) -> int:
    """Remove some polls that were closed this long ago, with all that people said."""
    old = session.exec(
        select(Poll)
        .where(col(Poll.closed_at) <= moment - term)
        .order_by(Poll.id)
        .limit(most)
        .with_for_update()
    ).all()
    for poll in old:
        _remove(session, poll)
    return len(old)


def _remove(session: Session, poll: Poll) -> None:
    ballots = select(Ballot.id).where(Ballot.poll_id == poll.id)
    session.exec(delete(BallotLink).where(col(BallotLink.ballot_id).in_(ballots)))
    session.exec(delete(Ballot).where(col(Ballot.poll_id) == poll.id))
    session.exec(delete(Slot).where(col(Slot.poll_id) == poll.id))
    drop_timer(session, kind=CLOSE, key=poll.id)
    outbox.bury(session, PollState, id=poll.id, version=poll.version + 1)
    session.delete(poll)
    session.flush()


def _vote(session: Session, poll: Poll, ballot: Ballot, order: Voted, moment: datetime) -> Ballot:
    check_open(status=poll.status, closes_at=poll.closes_at, moment=moment)
    check_votes(order.votes, [slot.id for slot in _slots(session, poll.id)])
    ballot.votes = dict(order.votes)
    ballot.voted_at = moment
    if order.name and not ballot.contact_id:
        ballot.name = order.name
    session.add(ballot)
    session.flush()
    return ballot


def _close(session: Session, poll: Poll, moment: datetime) -> None:
    poll.status, poll.closed_at = "closed", moment
    poll.version += 1
    session.add(poll)
    session.flush()
    drop_timer(session, kind=CLOSE, key=poll.id)
    closed = PollClosed(
        poll_id=poll.id, organiser_id=poll.organiser_id, gathering_id=poll.gathering_id
    )
    outbox.add(session, _state_of(poll), closed)


def _held(session: Session, id: str) -> Poll:
    """The poll under its row lock."""
    poll = session.get(Poll, id, with_for_update=True, populate_existing=True)
    if poll is None:
        raise NotFound("This poll does not exist.")
    return poll


def _locked(session: Session, id: str, caller: Identity) -> Poll:
    poll = _held(session, id)
    _check_manages(poll, caller)
    return poll


def _check_manages(poll: Poll, caller: Identity) -> None:
    if poll.organiser_id != caller.contact_id:
        raise Forbidden("Only who opened this poll can see and change it.")


def _check_room(session: Session, poll_id: str) -> None:
    counted = select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll_id)
    if session.exec(counted).one() >= MOST_BALLOTS:
        raise Conflict("No more people can be asked by this poll.")


def _own_ballot(session: Session, poll_id: str, caller: Identity) -> Ballot | None:
    if not caller.contact_id:
        return None
    return session.exec(
        select(Ballot).where(Ballot.poll_id == poll_id, Ballot.contact_id == caller.contact_id)
    ).first()


def _by_link(session: Session, secret: str) -> Ballot | None:
    found = session.get(BallotLink, _hash(secret))
    return session.get(Ballot, found.ballot_id) if found else None


def _by_code(session: Session, code: str) -> Poll:
    poll = session.exec(select(Poll).where(Poll.code == code)).first()
    if poll is None:
        raise NotFound("This link leads nowhere. It may be incomplete, or the poll was deleted.")
    return poll


def _link(session: Session, ballot_id: str) -> str:
    secret = secrets.token_urlsafe(32)
    session.add(BallotLink(secret_hash=_hash(secret), ballot_id=ballot_id))
    session.flush()
    return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _slots(session: Session, poll_id: str) -> Sequence[Slot]:
    query = select(Slot).where(Slot.poll_id == poll_id).order_by(col(Slot.starts_at))
    return session.exec(query).all()


def _ballots(session: Session, poll_id: str) -> Sequence[Ballot]:
    query = select(Ballot).where(Ballot.poll_id == poll_id).order_by(col(Ballot.id))
    return session.exec(query).all()


def _votes(ballots: Sequence[Ballot]) -> list[Vote]:
    return [Vote(ballot.votes, ballot.role) for ballot in ballots if ballot.voted_at]


def _standing(poll: Poll, slots: Sequence[Slot], ballots: Sequence[Ballot]) -> list[SlotRead]:
    length = timedelta(minutes=poll.minutes)
    stand = tally([slot.id for slot in slots], _votes(ballots), poll.roles)
    return [
        SlotRead(
            id=slot.id,
            starts_local=slot.starts_local,
            ends_local=slot.starts_local + length,
            yes=one.yes,
            maybe=one.maybe,
            no=one.no,
            missing=list(one.missing),
        )
        for slot, one in zip(slots, stand, strict=True)
    ]


def _to_vote(session: Session, poll: Poll, own: Ballot | None, moment: datetime) -> PollToVote:
    ballots = _ballots(session, poll.id)
    return PollToVote(
        **_brief(poll, _count(ballots), moment),
        slots=_standing(poll, _slots(session, poll.id), ballots),
        own=BallotRead.model_validate(own) if own else None,
    )


def _count(ballots: Sequence[Ballot]) -> tuple[int, int]:
    return sum(1 for ballot in ballots if ballot.voted_at), len(ballots)


def _counts(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many have voted and how many are asked, by poll."""
    rows = session.exec(
        select(Ballot.poll_id, func.count(col(Ballot.voted_at)), func.count())
        .where(col(Ballot.poll_id).in_(ids))
        .group_by(Ballot.poll_id)
    )
    return {**dict.fromkeys(ids, (0, 0)), **{id: (voted, asked) for id, voted, asked in rows}}


def _brief(poll: Poll, counts: tuple[int, int], moment: datetime) -> dict[str, Any]:
    names = set(PollBrief.model_fields) - {"open", "voted", "asked"}
    return {
        **poll.model_dump(include=names),
        "open": poll.status == "open" and moment < poll.closes_at,
        "voted": counts[0],
        "asked": counts[1],
    }


def _state_of(poll: Poll) -> PollState:
    return PollState(
        id=poll.id,
        version=poll.version,
        audience=only(poll.organiser_id),
        title=poll.title,
        organiser_id=poll.organiser_id,
        status="open" if poll.status == "open" else "closed",
        closes_at=poll.closes_at,
        time_zone=poll.time_zone,
    )
