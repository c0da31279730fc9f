"""kill -9 at every seam and at random times: no fact is lost and none counts twice."""

import random
import time
from pathlib import Path

import pytest

from tests.faults.ledger import Auditor
from tests.faults.load import Guests, a_seminar
from tests.hubs import RunningHub, running_hub

SEAMS = (
    "relay.before_publish",  # after commit, before publish
    "relay.published",  # after publish, before mark
    "consumer.before_handle",
    "consumer.mid_batch",  # in the middle of a batch
    "consumer.handled",  # after handling, before offset commit
)


@pytest.mark.parametrize("way", ["embedded-sqlite", "kafka-postgresql"])
def test_killed_at_each_seam_the_ledger_balances(
    way: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running_hub(way, tmp_path, request) as hub:
        seminar = a_seminar(hub)
        everybody: set[str] = set()
        for number, seam in enumerate(SEAMS):
            hub.stop()
            hub.extra["HUB_FAULT_SEAM"] = f"{seam}:{5 + number}"
            hub.start()
            with Guests(hub, seminar, name=f"s{number}-") as guests:
                assert dies(hub), f"the hub did not pass {seam}"
            everybody |= guests.registered
            assert guests.errors == []
            del hub.extra["HUB_FAULT_SEAM"]
            hub.processes.clear()
            hub.start()
        balanced(hub, everybody)


@pytest.mark.parametrize("way", ["embedded-sqlite", "kafka-postgresql"])
def test_killed_at_random_under_load_the_ledger_balances(
    way: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """10 seeded kills each in CI, 50 each with --soak."""
    kills = 50 if request.config.getoption("--soak") else 10
    dice = random.Random(20261124)
    with running_hub(way, tmp_path, request) as hub:
        seminar = a_seminar(hub)
        everybody: set[str] = set()
        for number in range(kills):
            with Guests(hub, seminar, name=f"r{number}-") as guests:
                time.sleep(dice.uniform(0.1, 1.2))
                hub.kill()
            everybody |= guests.registered
            assert guests.errors == []
            hub.start()
        assert everybody
        balanced(hub, everybody)


def test_parts_of_a_cluster_killed_at_random_the_ledger_balances(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Services, relays and gateway die one at a time while guests register."""
    kills = 30 if request.config.getoption("--soak") else 8
    dice = random.Random(4711)
    with running_hub("cluster", tmp_path, request) as hub:
        seminar = a_seminar(hub)
        everybody: set[str] = set()
        for number in range(kills):
            with Guests(hub, seminar, name=f"c{number}-") as guests:
                time.sleep(dice.uniform(0.2, 0.8))
                victim = dice.choice(
                    ["relay scheduling", "relay membership", "service notification",
                     "service scheduling", "service calendar", "gateway", "service membership"]
                )  # fmt: skip
                hub.kill(victim)
                time.sleep(0.3)
            everybody |= guests.registered
            # A part that is away is said to be away; nothing else may go wrong.
            assert [error for error in guests.errors if not error.startswith("503")] == []
            hub.start(victim)
        balanced(hub, everybody)


def balanced(hub: RunningHub, everybody: set[str]) -> None:
    """Every answered registration is there, handled by all, and mailed once."""
    auditor = Auditor(hub)
    try:
        auditor.settles()
        auditor.mails_once(everybody)
    finally:
        auditor.close()


def dies(hub: RunningHub, limit: float = 30.0) -> bool:
    """Wait for the hub's process to end by itself."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if not hub.processes["hub"].running:
            return True
        time.sleep(0.02)
    return False
