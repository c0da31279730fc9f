"""One date of a series is different or called off, through HTTP on both databases."""

from typing import Any

import pytest

from events.catalogue.scheduling import GatheringState, OccurrenceCancelled, OccurrenceChanged
from services.kit.identity import Identity
from tests.harness import ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar

FIRST, SECOND, THIRD = (f"2027-02-{day:02}T14:00:00" for day in (2, 9, 16))


@pytest.fixture
def organiser() -> Identity:
    return a_member("organiser")


@pytest.fixture
def series(scheduling: ServiceUnderTest, organiser: Identity) -> dict[str, Any]:
    """Three Tuesdays in February."""
    return a_seminar(scheduling, organiser, rrule="FREQ=WEEKLY;COUNT=3")


def told(
    scheduling: ServiceUnderTest, series: dict[str, Any], what: str, as_: Identity, **order: Any
) -> Any:
    path = f"/gatherings/{series['id']}/occurrences/{what}"
    return scheduling.call("POST", path, as_=as_, json=order)


def test_one_date_moves_and_is_renamed_while_the_others_stay(
    scheduling: ServiceUnderTest, series: dict[str, Any], organiser: Identity
) -> None:
    order = {"occurrence": SECOND, "starts_local": "2027-02-10T16:00:00", "title": "Moved"}
    for _ in range(2):
        answer = told(scheduling, series, "change", organiser, **order)
        assert answer.status_code == 200, answer.text
    assert answer.json()["occurrences"] == [FIRST, "2027-02-10T16:00:00", THIRD]
    (fact,) = scheduling.published(OccurrenceChanged)
    assert fact.model_dump(mode="json") == {
        "gathering_id": series["id"],
        "occurrence": SECOND,
        "changed": ["ends_local", "starts_local", "title"],
        "starts_local": "2027-02-10T16:00:00",
        "ends_local": "2027-02-10T17:30:00",
        "following": False,
    }
    state = scheduling.published(GatheringState)[-1]
    (override,) = state.overrides
    assert (override.occurrence.isoformat(), override.title, override.cancelled) == (
        SECOND,
        "Moved",
        False,
    )
    assert state.sequence == 1


def test_this_and_all_later_dates_move_by_as_much(
    scheduling: ServiceUnderTest, series: dict[str, Any], organiser: Identity
) -> None:
    order = {"occurrence": SECOND, "starts_local": "2027-02-09T15:00:00", "following": True}
    shown = told(scheduling, series, "change", organiser, **order).json()
    assert shown["occurrences"] == [FIRST, "2027-02-09T15:00:00", "2027-02-16T15:00:00"]
    assert shown["finishes_at"] == "2027-02-16T15:30:00Z"
    assert len(scheduling.published(OccurrenceChanged)) == 1


def test_a_date_is_called_off_once_and_never_the_last(
    scheduling: ServiceUnderTest, series: dict[str, Any], organiser: Identity
) -> None:
    for _ in range(2):
        shown = told(scheduling, series, "cancel", organiser, occurrence=SECOND)
        assert shown.json()["occurrences"] == [FIRST, THIRD]
    assert len(scheduling.published(OccurrenceCancelled)) == 1
    refused = told(scheduling, series, "cancel", organiser, occurrence=FIRST, following=True)
    assert (refused.status_code, "No date would be left" in refused.text) == (409, True)
    read = scheduling.call("GET", f"/gatherings/{series['slug']}/occurrences", as_=organiser)
    assert [(date["occurrence"], date["cancelled"]) for date in read.json()] == [
        (FIRST, False),
        (SECOND, True),
        (THIRD, False),
    ]


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"occurrence": "2027-02-03T14:00:00"}, 404),
        ({"occurrence": SECOND, "ends_local": "2027-02-09T13:00:00"}, 422),
        ({"occurrence": SECOND, "starts_local": "2027-03-28T02:30:00"}, 422),
        ({"occurrence": SECOND, "title": "x" * 201}, 422),
        ({"occurrence": SECOND, "status": "finished"}, 422),
        ({}, 422),
    ],
)
def test_a_change_that_does_not_hold_together_changes_nothing(
    scheduling: ServiceUnderTest,
    series: dict[str, Any],
    organiser: Identity,
    order: dict[str, Any],
    status: int,
) -> None:
    assert told(scheduling, series, "change", organiser, **order).status_code == status
    assert scheduling.published(OccurrenceChanged) == []


def test_only_who_looks_after_a_series_changes_its_dates(
    scheduling: ServiceUnderTest, series: dict[str, Any], organiser: Identity
) -> None:
    stranger = a_member("organiser")
    for what in ("change", "cancel"):
        assert told(scheduling, series, what, stranger, occurrence=SECOND).status_code == 403
    path = f"/gatherings/{series['slug']}/occurrences"
    assert scheduling.call("GET", path, as_=stranger).status_code == 403
    single = a_seminar(scheduling, organiser)
    one = told(scheduling, single, "cancel", organiser, occurrence=FIRST)
    assert (one.status_code, "change the event itself" in one.text) == (409, True)
