"""Files come in by the hub's pages alone, and go when nothing refers to them."""

import hashlib
from datetime import UTC, datetime, timedelta

from services.scheduling.files.service import tidy
from tests.harness import HUB, ServiceUnderTest, a_member

PDF = b"%PDF-1.7\n"
BYTES = {"content-type": "application/octet-stream"}


def test_file_comes_and_goes(scheduling: ServiceUnderTest) -> None:
    stored = scheduling.call("POST", "/files", as_=HUB, content=PDF, headers=BYTES)
    id = hashlib.sha256(PDF).hexdigest()
    assert (stored.status_code, stored.json()) == (
        201,
        {"id": id, "kind": "application/pdf", "size": 9, "ending": "pdf"},
    )
    assert scheduling.call("GET", f"/files/{id}", as_=HUB).content == PDF
    files = scheduling.service.app.state.files
    with scheduling.service.database.unit_of_work() as session:
        assert tidy(session, datetime.now(UTC), files=files) == 0
        assert tidy(session, datetime.now(UTC) + timedelta(days=2), files=files) == 1
    assert scheduling.call("GET", f"/files/{id}", as_=HUB).status_code == 404


def test_file_of_the_wrong_kind_or_too_large_is_refused(scheduling: ServiceUnderTest) -> None:
    for content, status in ((b"<html>", 422), (PDF + bytes(20_000_000), 413)):
        answer = scheduling.call("POST", "/files", as_=HUB, content=content, headers=BYTES)
        assert answer.status_code == status
    assert scheduling.call("POST", "/files", as_=HUB, content=PDF).status_code == 422


def test_people_cannot_reach_files_without_a_page(scheduling: ServiceUnderTest) -> None:
    for person in (a_member(), a_member("admin")):
        answer = scheduling.call("POST", "/files", as_=person, content=PDF, headers=BYTES)
        assert answer.status_code == 403
        assert scheduling.call("GET", f"/files/{'0' * 64}", as_=person).status_code == 403
