"""Agendas: sessions come, change, move along with their event, and go."""

from typing import Any

import pytest

from events.catalogue.scheduling import SessionState
from services.kit.identity import Identity
from services.scheduling.agenda.schemas import BATCH
from tests.harness import ServiceUnderTest, a_member

DAY = "2030-05-06"


def a_gathering(scheduling: ServiceUnderTest, organiser: Identity, **more: Any) -> str:
    order = {
        "title": "Open day",
        "starts_local": f"{DAY}T09:00:00",
        "ends_local": f"{DAY}T18:00:00",
        "time_zone": "Europe/Brussels",
        **more,
    }
    made = scheduling.call("POST", "/gatherings", as_=organiser, json=order)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def a_session(**more: Any) -> dict[str, Any]:
    return {
        "title": "Data for health",
        "starts_local": f"{DAY}T10:00:00",
        "ends_local": f"{DAY}T11:00:00",
        "room": "B003",
        **more,
    }


def titles(scheduling: ServiceUnderTest, id: str, viewer: Identity) -> list[str]:
    found = scheduling.call("GET", f"/gatherings/{id}/sessions", as_=viewer).json()
    return [each["title"] for each in found]


def test_agenda_is_kept_in_order_of_time_and_room(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser)
    for more in ({"title": "B", "room": "2"}, {"title": "A", "room": "1"}):
        made = scheduling.call(
            "POST", f"/gatherings/{id}/sessions", as_=organiser, json=a_session(**more)
        )
        assert made.status_code == 201
    session = made.json()
    assert session["starts_at"] == "2030-05-06T08:00:00Z"
    assert titles(scheduling, id, a_member()) == ["A", "B"]
    path = f"/gatherings/{id}/sessions/{session['id']}"
    changed = scheduling.call("PATCH", path, as_=organiser, json={"room": "3"})
    assert (changed.json()["room"], changed.json()["sequence"]) == ("3", 1)
    assert scheduling.call("DELETE", path, as_=organiser).status_code == 204
    assert titles(scheduling, id, a_member()) == ["B"]
    assert scheduling.call("DELETE", path, as_=organiser).status_code == 404
    states = scheduling.published(SessionState)
    assert [state and state.title for state in states] == ["B", "A", "A", None]


def test_agenda_moves_and_is_published_with_its_event(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser, draft=True)
    scheduling.call("POST", f"/gatherings/{id}/sessions", as_=organiser, json=a_session())
    hidden = scheduling.call("GET", f"/gatherings/{id}/sessions", as_=a_member())
    assert hidden.status_code == 404
    (draft,) = scheduling.published(SessionState)
    assert draft.audience == f"contact:{organiser.contact_id}"
    scheduling.call("POST", f"/gatherings/{id}/publish", as_=organiser)
    moved = {"starts_local": "2030-05-07T10:00:00", "ends_local": "2030-05-07T19:00:00"}
    scheduling.call("PATCH", f"/gatherings/{id}", as_=organiser, json=moved)
    state = scheduling.published(SessionState)[-1]
    assert (state.audience, state.starts_local.isoformat(), state.starts_at.isoformat()) == (
        "public",
        "2030-05-07T11:00:00",
        "2030-05-07T09:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"ends_local": f"{DAY}T09:59:00"}, "ends_local"),
        ({"starts_local": f"{DAY}T08:59:00"}, "starts_local"),
        ({"ends_local": f"{DAY}T18:01:00"}, "ends_local"),
        ({"title": ""}, "title"),
        ({"room": "x" * 81}, "room"),
        ({"price": 3}, "price"),
    ],
)
def test_session_that_does_not_fit_is_refused(
    scheduling: ServiceUnderTest, order: dict[str, Any], field: str
) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser)
    answer = scheduling.call(
        "POST", f"/gatherings/{id}/sessions", as_=organiser, json=a_session(**order)
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_only_those_who_look_after_an_event_change_its_agenda(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, other = a_member("organiser"), a_member("organiser")
    id, others = a_gathering(scheduling, organiser), a_gathering(scheduling, other)
    made = scheduling.call("POST", f"/gatherings/{id}/sessions", as_=organiser, json=a_session())
    answer = scheduling.call("POST", f"/gatherings/{id}/sessions", as_=other, json=a_session())
    assert answer.status_code == 403
    # By way of an event of one's own, a session of another is not reached either.
    path = f"/gatherings/{others}/sessions/{made.json()['id']}"
    assert scheduling.call("PATCH", path, as_=other, json={"room": "X"}).status_code == 404


def test_imported_sessions_come_once(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser)
    path = f"/gatherings/{id}/sessions/import"
    order = {"sessions": [a_session(source_uid="a"), a_session(source_uid="b", title="B")]}
    first = scheduling.call("POST", path, as_=organiser, json=order)
    assert first.json() == {"made": ["a", "b"], "changed": [], "same": []}
    order["sessions"][1]["room"] = "Hall"
    again = scheduling.call("POST", path, as_=organiser, json=order)
    assert again.json() == {"made": [], "changed": ["b"], "same": ["a"]}
    order["sessions"].append(a_session(source_uid="c", ends_local="2030-05-08T10:00:00"))
    assert scheduling.call("POST", path, as_=organiser, json=order).status_code == 422
    assert titles(scheduling, id, organiser) == ["Data for health", "B"]


def test_agenda_of_five_thousand_sessions_is_refused(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser)
    path = f"/gatherings/{id}/sessions/import"
    statuses = []
    for start in range(0, 1400, BATCH):
        sessions = [a_session(source_uid=str(start + number)) for number in range(BATCH)]
        answer = scheduling.call("POST", path, as_=organiser, json={"sessions": sessions})
        statuses.append(answer.status_code)
    assert statuses == [200] * 5 + [409] * 2
    assert len(titles(scheduling, id, organiser)) == 1000
    sessions = [a_session(source_uid=str(number)) for number in range(5000)]
    answer = scheduling.call("POST", path, as_=organiser, json={"sessions": sessions})
    assert answer.status_code == 422


def test_sessions_are_found_by_their_words(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser)
    draft = a_gathering(scheduling, organiser, draft=True)
    for gathering in (id, draft):
        scheduling.call(
            "POST", f"/gatherings/{gathering}/sessions", as_=organiser, json=a_session()
        )
    (found,) = scheduling.call("GET", "/sessions?q=health data", as_=a_member()).json()
    assert (found["title"], found["gathering_title"]) == ("Data for health", "Open day")
    assert scheduling.call("GET", "/sessions?q=nothing", as_=a_member()).json() == []


@pytest.mark.parametrize("step", ["cancel", "postpone"])
def test_sessions_of_an_event_that_does_not_take_place_are_not_found(
    scheduling: ServiceUnderTest, step: str
) -> None:
    organiser = a_member("organiser")
    id = a_gathering(scheduling, organiser)
    scheduling.call("POST", f"/gatherings/{id}/sessions", as_=organiser, json=a_session())
    found = [len(scheduling.call("GET", "/sessions?q=health", as_=a_member()).json())]
    assert scheduling.call("POST", f"/gatherings/{id}/{step}", as_=organiser, json={}).is_success
    found.append(len(scheduling.call("GET", "/sessions?q=health", as_=a_member()).json()))
    assert found == [1, 0]
