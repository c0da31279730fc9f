"""kill -9 in the midst of an erasure: it is brought to its end, and nothing is left."""

import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.faults.test_kills import dies
from tests.flows.people import Mailbox, Person, eventually
from tests.flows.test_erasure import id_of, settled, verified
from tests.hubs import RunningHub, running_hub

SEAMS = ("relay.published:1", "consumer.before_handle:2", "consumer.mid_batch:3")


def has_receipts(hub: RunningHub, number: int) -> bool:
    """Whether so many receipts, or more, went out."""
    return len(Mailbox(hub.url).to("(erased)")) >= number


@pytest.mark.parametrize("way", ["embedded-sqlite", "kafka-postgresql"])
def test_an_erasure_survives_kills(
    way: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running_hub(way, tmp_path, request, kafka_compaction_lag="1") as hub:
        for number, seam in enumerate(SEAMS, 1):
            email, name = f"victim{number}@example.org", f"Victoria Number{number}"
            person = Person(hub.url, name, email).member(side="citizen", region="BE10")
            person.post("/posts/new", title="Mine", kind="article", body="B", language="en")
            member_id = id_of(hub, email)
            hub.stop()
            # Every service is away: what is to be done waits in the outbox.
            hub.command("gdpr", "erase", member_id, "--yes")
            hub.extra["HUB_FAULT_SEAM"] = seam
            with suppress(AssertionError):  # it may die before it is ready
                hub.start()
            assert dies(hub), f"the hub did not pass {seam}"
            del hub.extra["HUB_FAULT_SEAM"]
            hub.processes.clear()
            hub.start()
            assert eventually(partial(has_receipts, hub, number), limit=120)
            settled(hub)
            deadline = time.monotonic() + 180
            while (outcome := verified(hub, member_id, email, name))[0]:
                assert time.monotonic() < deadline, outcome[1]
                time.sleep(1)
        assert len(Mailbox(hub.url).to("(erased)")) == len(SEAMS)
        assert hub.command("gdpr", "list").split() != []
        hub.command("gdpr", "reapply")
        assert hub.command("events", "parked").strip() == "Nothing is parked."
