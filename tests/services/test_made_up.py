"""The demonstration is taken away by the hub itself, and by nobody else."""

from pathlib import Path

import pytest

from services.kit.identity import ANYONE
from tests.harness import HUB, ServiceUnderTest, a_member


@pytest.mark.parametrize("service", ["scheduling", "knowledge", "matchmaking", "calendar"])
def test_demonstration_is_taken_away_by_the_hub_alone(service: str, tmp_path: Path) -> None:
    under_test = ServiceUnderTest(service, tmp_path)
    order: dict[str, list[str]] = {"contact_ids": [], "organisation_ids": []}
    for caller, status in ((ANYONE, 401), (a_member("admin"), 403), (HUB, 200)):
        answer = under_test.call("POST", "/made-up/remove", as_=caller, json=order)
        assert answer.status_code == status
    wrong = under_test.call("POST", "/made-up/remove", as_=HUB, json={**order, "all": True})
    assert wrong.status_code == 422
    under_test.service.database.close()
