"""Which organisations may be one, and making them one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, func, or_, select

from events import outbox
from events.catalogue.membership import OrganisationMerged
from services.kit.errors import Conflict, NotFound
from services.kit.language import SOURCE
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.expertise import claims
from services.membership.expertise.rules import MOST_CLAIMS
from services.membership.organisations import service
from services.membership.organisations.models import Apart, Organisation
from services.membership.organisations.rules import ALIKE, check_merge, likeness
from services.membership.organisations.schemas import (
    Likeness,
    OrganisationRead,
    Review,
    Unverified,
)
from services.membership.representatives import service as representatives
from services.membership.representatives.models import Representative
from services.membership.representatives.rows import owners

_MOST_TOGETHER = 12
"""Organisations that share a key; when more do, it says nothing."""
_MOST_GROUPS = 300
_FILLED = ("region_code", "country", "description", "website", "ror_id", "vat_id")


def merge(session: Session, *, id: str, into_id: str, moment: datetime) -> Organisation:
    """Make one organisation of two: people, those who speak for it and what it knows move.

    Locks people, then both organisations, each in the order of ids, so that of mergers at once
    the later ones wait and then find what was done. Raises Conflict when one of the two was
    merged meanwhile, or somebody joined the first at this instant.
    """
    people = session.exec(_people_of(id).with_for_update()).all()
    both = service.locked_all(session, [id, into_id])
    source, into = both[0], both[-1]
    if source.id != id:
        source, into = into, source
    check_merge(
        same=id == into_id,
        merged=source.merged_into is not None,
        into_merged=into.merged_into is not None,
        made_up=source.made_up,
        into_made_up=into.made_up,
    )
    now = session.exec(select(Contact.id).where(Contact.organisation_id == id)).all()
    if set(now) != {person.id for person in people}:
        raise Conflict("Somebody joined this organisation just now. Please try again.")
    # Nobody comes to own what a moderator has verified by naming it a second time.
    free = into.verified_at is None and not owners(session, into_id)
    keep_roles = source.verified_at is not None or free
    representatives.move(session, source_id=id, into_id=into_id, keep_roles=keep_roles)
    removed = set(
        session.exec(
            select(Representative.contact_id).where(
                Representative.organisation_id == into_id, Representative.status == "removed"
            )
        )
    )
    for person in people:
        new = None if person.id in removed else into_id
        contacts.apply(session, person, {"organisation_id": new}, moment=moment)
    _fill(session, source, into, moment)
    either = or_(Apart.first_id == id, Apart.second_id == id)
    session.connection().execute(delete(Apart).where(either))
    outbox.add(session, OrganisationMerged(organisation_id=id, into_id=into_id))
    return into


def keep_apart(session: Session, *, first_id: str, second_id: str) -> None:
    """Note that two organisations look alike and are not one; raises NotFound."""
    first, second = sorted((first_id, second_id))
    if len(service.locked_all(session, [first, second])) < 2:
        raise NotFound("This organisation is not known.")
    if session.get(Apart, (first, second)) is None:
        session.add(Apart(first_id=first, second_id=second))


def review(session: Session, *, limit: int, offset: int) -> Review:
    """Organisations that nobody verified, newest first, and pairs that may be one."""
    wanted = (
        select(Organisation)
        .where(
            col(Organisation.merged_into).is_(None),
            col(Organisation.verified_at).is_(None),
        )
        .order_by(col(Organisation.created_at).desc(), col(Organisation.id).desc())
    )
    found = session.exec(wanted.limit(limit + 1).offset(offset)).all()
    ids = [organisation.id for organisation in found]
    people = dict(
        session.exec(
            select(Contact.organisation_id, func.count())
            .where(col(Contact.organisation_id).in_(ids), Contact.status == "member")
            .group_by(col(Contact.organisation_id))
        ).all()
    )
    owned = set(
        session.exec(
            select(Representative.organisation_id)
            .join(Contact)
            .where(
                col(Representative.organisation_id).in_(ids),
                Representative.status == "active",
                Representative.role == "owner",
                Contact.status == "member",
            )
        )
    )
    return Review(
        unverified=[
            Unverified.model_validate(
                {
                    **organisation.model_dump(),
                    "people": people.get(organisation.id, 0),
                    "owned": organisation.id in owned,
                }
            )
            for organisation in found[:limit]
        ],
        more=len(found) > limit,
        duplicates=duplicates(session),
    )


def duplicates(session: Session, *, most: int = 50) -> list[Likeness]:
    """Pairs that may be one organisation, the likeliest first.

    Only those that share a key are compared: never all with all.
    """
    pairs: dict[tuple[str, str], Likeness] = {}
    for column in ("alike", "domain", "sounds"):
        for group in _groups(session, column):
            for first, second in combinations(group, 2):
                found = _likeness(first, second)
                if found:
                    pairs.setdefault((first.id, second.id), found)
    ids = {id for pair in pairs for id in pair}
    apart = {
        (row.first_id, row.second_id)
        for row in session.exec(select(Apart).where(col(Apart.first_id).in_(ids)))
    }
    likely = [found for pair, found in pairs.items() if pair not in apart]
    likely.sort(key=lambda found: (-found.alike - 0.2 * found.same_domain, found.first.name))
    return likely[:most]


def _people_of(id: str) -> Any:
    return select(Contact).where(Contact.organisation_id == id).order_by(col(Contact.id))


def _groups(session: Session, column: str) -> Iterable[Sequence[Organisation]]:
    """Organisations that share the value of a column, by groups; within one in order of ids."""
    key = col(getattr(Organisation, column))
    stands = col(Organisation.merged_into).is_(None)
    shared = (
        select(key)
        .where(stands, key != "")
        .group_by(key)
        .having(func.count().between(2, _MOST_TOGETHER))
        .order_by(key)
        .limit(_MOST_GROUPS)
    )
    values = session.exec(shared).all()
    rows = session.exec(
        select(Organisation).where(stands, key.in_(values)).order_by(col(Organisation.id))
    )
    groups: dict[str, list[Organisation]] = {}
    for organisation in rows:
        groups.setdefault(getattr(organisation, column), []).append(organisation)
    return groups.values()


def _likeness(first: Organisation, second: Organisation) -> Likeness | None:
    if first.made_up != second.made_up:
        return None
    alike = likeness(first.alike, second.alike)
    same_domain = first.domain is not None and first.domain == second.domain
    if alike < ALIKE and not same_domain:
        return None
    return Likeness(
        first=OrganisationRead.model_validate(first),
        second=OrganisationRead.model_validate(second),
        same_domain=same_domain,
        alike=round(alike, 3),
    )


def _fill(session: Session, source: Organisation, into: Organisation, moment: datetime) -> None:
    """What only the first says, the second says from now on."""
    both = [
        *claims.own_words(session, into.id, SOURCE),
        *claims.own_words(session, source.id, SOURCE),
    ]
    claims.claim_for_organisation(session, source, offered=[], moment=moment)
    claims.claim_for_organisation(session, into, offered=both[:MOST_CLAIMS], moment=moment)
    # First the one that is merged away: its numbers are free then.
    source.merged_into = into.id
    service.revise(session, source)
    for name in _FILLED:
        if not getattr(into, name):
            setattr(into, name, getattr(source, name))
    service.revise(session, into)
