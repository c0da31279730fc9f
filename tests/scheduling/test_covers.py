"""The picture of a gathering, through HTTP on both databases."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from events.catalogue.scheduling import GatheringState
from services.kit.identity import Identity
from services.scheduling.files import service as filing
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar


@pytest.fixture
def organiser() -> Identity:
    return a_member("organiser")


@pytest.fixture
def seminar(scheduling: ServiceUnderTest, organiser: Identity) -> dict[str, Any]:
    return a_seminar(scheduling, organiser)


def brought(scheduling: ServiceUnderTest, content: bytes) -> str:
    """The id of a file that was brought."""
    kind = {"content-type": "application/octet-stream"}
    answer = scheduling.call("POST", "/files", as_=HUB, content=content, headers=kind)
    return str(answer.json()["id"])


def a_picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(file, "PNG")
    return file.getvalue()


def test_cover_is_kept_in_two_sizes_and_removed(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    path = f"/gatherings/{seminar['id']}/cover"
    order = {"file_id": brought(scheduling, a_picture()), "alt": "A harbour"}
    assert scheduling.call("PUT", path, as_=a_member("organiser"), json=order).status_code == 403
    shown = scheduling.call("PUT", path, as_=organiser, json=order).json()
    files = [
        Image.open(BytesIO(scheduling.call("GET", f"/files/{shown[name]}", as_=HUB).content))
        for name in ("cover", "cover_small")
    ]
    assert [(one.format, one.size) for one in files] == [
        ("JPEG", (1200, 630)), ("JPEG", (480, 252)),
    ]  # fmt: skip
    assert scheduling.published(GatheringState)[-1].cover == shown["cover"]
    # Other words for the same picture.
    worded = scheduling.call("PUT", path, as_=organiser, json={"alt": "Rotterdam"}).json()
    assert worded == {**shown, "version": shown["version"] + 1, "cover_alt": "Rotterdam"}
    with scheduling.service.database.reader() as session:
        assert filing.used(session) == {shown["cover"], shown["cover_small"]}
    for _twice in range(2):
        assert scheduling.call("DELETE", path, as_=organiser).status_code == 204
    gone = scheduling.call("GET", f"/gatherings/{seminar['id']}").json()
    assert (gone["cover"], gone["cover_small"], gone["cover_alt"]) == (None, None, "")
    assert scheduling.published(GatheringState)[-1].cover is None


def test_cover_that_nothing_shows_any_more_is_swept_away(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    path = f"/gatherings/{seminar['id']}/cover"
    order = {"file_id": brought(scheduling, a_picture()), "alt": "A harbour"}
    scheduling.call("PUT", path, as_=organiser, json=order)
    files = scheduling.service.app.state.files
    later = datetime.now(UTC) + timedelta(days=2)
    with scheduling.service.database.unit_of_work() as session:
        # What was brought: with it goes all that the camera wrote beside the picture.
        assert filing.tidy(session, later, files=files) == 1
    scheduling.call("DELETE", path, as_=organiser)
    with scheduling.service.database.unit_of_work() as session:
        assert filing.tidy(session, later, files=files) == 2


@pytest.mark.parametrize(
    "order",
    [
        {"alt": "No picture"},
        {"alt": "", "file_id": "0" * 64},
        {"alt": "Unknown", "file_id": "0" * 64},
        {"alt": "Elsewhere", "file_id": "../../etc/passwd"},
    ],
)
def test_cover_that_does_not_fit_is_refused(
    scheduling: ServiceUnderTest,
    seminar: dict[str, Any],
    organiser: Identity,
    order: dict[str, str],
) -> None:
    path = f"/gatherings/{seminar['id']}/cover"
    assert scheduling.call("PUT", path, as_=organiser, json=order).status_code == 422


def test_cover_of_another_kind_of_file_is_refused(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    order = {"file_id": brought(scheduling, b"%PDF-1.7\n"), "alt": "A page"}
    answer = scheduling.call("PUT", f"/gatherings/{seminar['id']}/cover", as_=organiser, json=order)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file")
