"""What is left of a gathering for those who had a seat, through HTTP on both databases."""

from typing import Any

import pytest

from events.catalogue.scheduling import GatheringState, MaterialsPublished
from services.kit.identity import Identity
from services.scheduling.materials.rules import MOST
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered

PDF = b"%PDF-1.7\n"
RECORDING = {"kind": "recording", "title": "Recording", "url": "https://video.example/1"}


@pytest.fixture
def organiser() -> Identity:
    return a_member("organiser")


@pytest.fixture
def seminar(scheduling: ServiceUnderTest, organiser: Identity) -> dict[str, Any]:
    return a_seminar(scheduling, organiser, capacity=1)


def test_materials_are_for_those_with_a_seat(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    seated, waiting = a_member(), a_member()
    registered(scheduling, seminar, seated)
    registered(scheduling, seminar, waiting)
    path = f"/gatherings/{seminar['id']}/materials"
    kind = {"content-type": "application/octet-stream"}
    file = scheduling.call("POST", "/files", as_=HUB, content=PDF, headers=kind).json()["id"]
    slides = {"kind": "slides", "title": "Slides", "file_id": file}
    for order in (slides, RECORDING):
        answer = scheduling.call("POST", path, as_=organiser, json=order)
        assert answer.status_code == 201, answer.text
    shown = scheduling.call("GET", path, as_=seated).json()
    assert [
        {name: value for name, value in one.items() if name not in ("id", "added_at")}
        for one in shown
    ] == [
        {**RECORDING, "file_id": None, "told": False},
        {**slides, "url": "", "told": False},
    ]
    assert scheduling.call("GET", path, as_=organiser).json() == shown
    for person in (waiting, a_member("organiser")):
        assert scheduling.call("GET", path, as_=person).status_code == 403
        assert scheduling.call("POST", path, as_=person, json=slides).status_code == 403
    state = scheduling.published(GatheringState)[-1]
    assert (state.materials, state.recorded) == (2, True)
    assert "video.example" not in state.model_dump_json()
    assert scheduling.call("DELETE", f"{path}/{shown[0]['id']}", as_=seated).status_code == 403
    for _twice in range(2):
        gone = scheduling.call("DELETE", f"{path}/{shown[0]['id']}", as_=organiser)
        assert gone.status_code == 204
    state = scheduling.published(GatheringState)[-1]
    assert (state.materials, state.recorded) == (1, False)
    assert scheduling.call("GET", path, as_=seated).json() == shown[1:]


def test_materials_are_seen_by_the_link_in_a_mail(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    own = [registered(scheduling, seminar, a_member()) for _ in range(2)]
    path = f"/gatherings/{seminar['id']}/materials"
    made = scheduling.call("POST", path, as_=organiser, json=RECORDING).json()
    links = [
        scheduling.call("POST", f"/registrations/{each['id']}/link", as_=HUB).json()["secret"]
        for each in own
    ]
    seen = [scheduling.call("GET", f"/registrations/by-secret/{s}/materials") for s in links]
    assert [answer.status_code for answer in seen] == [200, 403]
    assert seen[0].json() == [made]


def test_people_are_told_once_of_all_that_is_new(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    path = f"/gatherings/{seminar['id']}/materials"

    def tell(person: Identity) -> int:
        return scheduling.call("POST", f"{path}/tell", as_=person).status_code

    assert tell(organiser) == 409
    for title in ("One", "Two"):
        scheduling.call("POST", path, as_=organiser, json={**RECORDING, "title": title})
    assert (tell(a_member("organiser")), tell(organiser), tell(organiser)) == (403, 204, 409)
    assert scheduling.published(MaterialsPublished) == [
        MaterialsPublished(gathering_id=seminar["id"])
    ]
    assert {one["told"] for one in scheduling.call("GET", path, as_=organiser).json()} == {True}


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "slides", "title": "Neither"},
        {**RECORDING, "file_id": "0" * 64},
        {"kind": "slides", "title": "Not brought", "file_id": "0" * 64},
        {**RECORDING, "url": "javascript:alert(1)"},
        {**RECORDING, "kind": "song"},
        {**RECORDING, "url": "http://video.example/1"},
        {**RECORDING, "title": ""},
        {**RECORDING, "gathering_id": "other"},
    ],
)
def test_material_that_does_not_fit_is_refused(
    scheduling: ServiceUnderTest,
    seminar: dict[str, Any],
    organiser: Identity,
    order: dict[str, Any],
) -> None:
    path = f"/gatherings/{seminar['id']}/materials"
    assert scheduling.call("POST", path, as_=organiser, json=order).status_code == 422
    assert scheduling.call("GET", path, as_=organiser).json() == []


def test_materials_have_an_end(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    path = f"/gatherings/{seminar['id']}/materials"
    calls = (
        scheduling.call_async("POST", path, as_=organiser, json=RECORDING) for _ in range(MOST + 3)
    )
    answers = scheduling.together(calls)
    assert sorted(answer.status_code for answer in answers) == [201] * MOST + [409] * 3
