"""What services give, as the cards that pages show."""

import re
from datetime import UTC, date, datetime

from hub.clients import (
    DemoCaseRead,
    GatheringBrief,
    OrganisationRead,
    PostBrief,
    RegistrationRead,
)
from hub.regions import region_name
from hub.sessions import Person
from hub.views.cards import EventCard, OrganisationCard, PostCard, ProjectCard
from hub.words import GATHERING_KINDS, MODES, POST_KINDS, REGISTRATION, SIDES, STEPS
from services.kit.language import _, ngettext
from services.kit.times import When, day_of, weekday, when

FEW_SEATS = 10
"""Seats left are counted out when they are this few."""


def today() -> date:
    """The day that years are left out for."""
    return datetime.now(UTC).date()


def event_card(
    gathering: GatheringBrief,
    person: Person | None,
    registration: RegistrationRead | None = None,
) -> EventCard:
    """A gathering in one look."""
    own = active(registration or gathering.own)
    return EventCard(
        slug=gathering.slug,
        title=gathering.title,
        summary=gathering.summary,
        kind=GATHERING_KINDS[gathering.kind],
        mode=MODES[gathering.mode],
        place=gathering.location or MODES[gathering.mode],
        when=occurrence(gathering, next_start(gathering, datetime.now(UTC)), person),
        repeats=repetition(gathering),
        seats=seats_of(gathering),
        full=gathering.seats_left == 0,
        status=gathering.status,
        topics=gathering.topics,
        language=gathering.language,
        made_up=gathering.made_up,
        own=REGISTRATION[own.status] if own else "",
        picture=picture_path(gathering, gathering.cover_small),
    )


def picture_path(gathering: GatheringBrief, file: str | None) -> str:
    """Where a picture of a gathering is; empty without one."""
    return f"/events/{gathering.slug}/cover/{file}" if file else ""


def occurrence(gathering: GatheringBrief, start: datetime, person: Person | None) -> When:
    """When one date of a gathering is, for this reader."""
    return when(
        starts_local=start,
        ends_local=start + (gathering.ends_local - gathering.starts_local),
        time_zone=gathering.time_zone,
        own_zone=person.time_zone if person else None,
        today=today(),
    )


def next_start(gathering: GatheringBrief, moment: datetime) -> datetime:
    """Local start of the occurrence that is on or comes next; the last when all are over."""
    starts = gathering.occurrences or [gathering.starts_local]
    length = gathering.ends_at - gathering.starts_at
    # Exact enough to choose a date: the offset of a zone moves by an hour at most.
    offset = gathering.starts_local.replace(tzinfo=UTC) - gathering.starts_at
    for start in starts:
        if start.replace(tzinfo=UTC) - offset + length > moment:
            return start
    return starts[-1]


def repetition(gathering: GatheringBrief) -> str:
    """A series in words, such as 'Every Tuesday, 3 times'."""
    dates = gathering.occurrences
    if not gathering.rrule or len(dates) < 2:
        return ""
    times = ngettext("{n} time", "{n} times", len(dates)).format(n=len(dates))
    return _("{rhythm}, {times}").format(rhythm=_rhythm(gathering.rrule, dates[0]), times=times)


def _rhythm(rule: str, first: datetime) -> str:
    frequency = re.match(r"FREQ=(\w+)", rule)
    if "BYDAY" in rule or "INTERVAL" in rule:
        return _("A series")
    match frequency.group(1) if frequency else "":
        case "DAILY":
            return _("Every day")
        case "WEEKLY":
            return _("Every {weekday}").format(weekday=weekday(first))
        case "MONTHLY":
            return _("Every month")
        case _other:
            return _("A series")


def seats_of(gathering: GatheringBrief) -> str:
    """How many seats are left, in words."""
    left = gathering.seats_left
    if left is None:
        return ""
    if left == 0:
        return _("All seats taken, waitlist open")
    if left <= FEW_SEATS:
        return ngettext("{n} seat left", "{n} seats left", left).format(n=left)
    return _("{left} of {seats} seats free").format(left=left, seats=gathering.capacity)


def post_card(post: PostBrief) -> PostCard:
    """A post in one look."""
    return PostCard(
        slug=post.slug,
        title=post.title,
        summary=post.summary,
        kind=POST_KINDS[post.kind],
        topics=post.topics,
        language=post.language,
        published=day_of(post.published_at.date(), today()),
        deadline=day_of(post.deadline, today()) if post.deadline else "",
        closed=post.deadline is not None and post.deadline < today(),
        made_up=post.made_up,
    )


def project_card(project: DemoCaseRead) -> ProjectCard:
    """A demonstration project in one look."""
    return ProjectCard(
        slug=project.slug,
        title=project.title,
        challenge=excerpt(project.challenge),
        step=STEPS[project.phase],
        region=region_name(project.region_code),
        terms=project.required_terms,
        made_up=project.made_up,
    )


def organisation_card(organisation: OrganisationRead) -> OrganisationCard:
    """An organisation in one look."""
    return OrganisationCard(
        slug=organisation.slug,
        name=organisation.name,
        side=organisation.helix_side,
        side_label=SIDES[organisation.helix_side],
        region=region_name(organisation.region_code or organisation.country),
        description=organisation.description,
        expertise=organisation.expertise,
        verified=organisation.verified,
        made_up=organisation.made_up,
    )


def excerpt(text: str, most: int = 180) -> str:
    """The beginning of a text, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    return flat[:most].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def active(registration: RegistrationRead | None) -> RegistrationRead | None:
    """A registration that holds a seat or a place in line."""
    ended = ("cancelled", "declined")
    return registration if registration and registration.status not in ended else None
