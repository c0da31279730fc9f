"""An agenda as pages show it: a day after the other."""

from collections.abc import Sequence
from itertools import groupby

from hub.clients import AgendaEntry, GatheringBrief
from hub.pages.cards import today
from hub.views.agenda import Day, Entry
from services.kit.language import _
from services.kit.times import clock, day_of


def days(gathering: GatheringBrief, entries: Sequence[AgendaEntry]) -> list[Day]:
    """The sessions under the days on which they begin."""
    return [
        Day(day_of(day, today()), [entry_of(gathering, entry) for entry in of_day])
        for day, of_day in groupby(entries, key=lambda entry: entry.starts_local.date())
    ]


def entry_of(gathering: GatheringBrief, entry: AgendaEntry) -> Entry:
    """One session as a line of the agenda."""
    ends = clock(entry.ends_local)
    if entry.ends_local.date() != entry.starts_local.date():
        ends = f"{day_of(entry.ends_local, today())}, {ends}"
    return Entry(
        path=f"/events/{gathering.slug}/agenda/{entry.slug}",
        title=entry.title,
        language=entry.language,
        iso=entry.starts_at.isoformat(),
        time=_("{start} to {end}").format(start=clock(entry.starts_local), end=ends),
        about=" · ".join(filter(None, (entry.kind, entry.room, entry.track))),
        speakers=", ".join(entry.speakers),
    )
