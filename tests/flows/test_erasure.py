"""Joined, busy, left, forgotten: and `hub gdpr verify` finds nothing anywhere."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import column, select, table, update

from events.catalogue import SERVICES
from hub.compose import open_stores
from services.kit.db import UtcDateTime
from services.kit.timers import TIMERS
from tests.flows.people import Mailbox, Person, eventually, slug_in
from tests.hubs import RunningHub, running_hub

VERA = "vera.vos@example.org"
NAME = "Vera Verónica Vos"
LAG = "1"
CONTACTS = table(
    "contacts",
    column("id"),
    column("email"),
    column("status"),
    column("erase_at", UtcDateTime),
)


def verified(hub: RunningHub, member_id: str, *texts: str) -> tuple[int, str]:
    """Exit code and output of `hub gdpr verify`, with the logs of the hub looked into."""
    also = [word for text in texts for word in ("--also", text)]
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "gdpr", "verify", member_id, *also,
         "--log", str(hub.log)],
        env=hub.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, done.stdout + done.stderr


def id_of(hub: RunningHub, email: str) -> str:
    """The id of whoever has this address."""
    stores = open_stores(hub.settings)
    with stores["membership"].reading() as connection:
        found = connection.execute(select(CONTACTS.c.id).where(CONTACTS.c.email == email))
        id = str(found.scalar_one())
    for store in stores.values():
        store.close()
    return id


def two_weeks_pass(hub: RunningHub) -> None:
    """The time to come back is over."""
    stores = open_stores(hub.settings)
    with stores["membership"].transaction() as connection:
        now = datetime.now(UTC)
        connection.execute(
            update(CONTACTS).values(erase_at=now).where(CONTACTS.c.status == "leaving")
        )
        due = TIMERS.c.kind == "leaving.erase"
        connection.execute(update(TIMERS).where(due).values(due_at=now))
    for store in stores.values():
        store.close()


def settled(hub: RunningHub) -> None:
    """What was under way is over: the services forget once more."""
    stores = open_stores(hub.settings)
    for name, store in stores.items():
        if name != "membership":
            with store.transaction() as connection:
                again = TIMERS.c.kind == "forgetting.again"
                connection.execute(update(TIMERS).where(again).values(due_at=datetime.now(UTC)))
        store.close()


def busy(hub: RunningHub) -> tuple[Person, Person, str, str]:
    """Somebody who did everything a member can do, and who waits behind them."""
    hub.command("admin", "create", "boss@example.org", "--name", "Boss")
    boss = Person(hub.url, "Boss", "boss@example.org")
    boss.sign_in()
    seminar = boss.publish(
        kind="seminar", mode="online", title="One seat", time_zone="Europe/Brussels",
        language="en", starts_local="2050-02-02T14:00", ends_local="2050-02-02T15:30",
        capacity="1", topics="genomics", join_url="https://video.example/room",
    )  # fmt: skip
    vera = Person(hub.url, NAME, VERA).member(
        side="citizen", region="BE10", expertise_offered="genomics, data protection",
        organisation_name="Laboratory of V", consents=("matchmaking", "directory"),
    )  # fmt: skip
    ned = Person(hub.url, "Ned Next", "ned@example.org").member(side="citizen", region="BE10")
    vera.post(f"/events/{seminar}/register")
    ned.post(f"/events/{seminar}/register")
    written = vera.post("/posts/new", title="What I found", kind="article", body="Much.",
                        language="en")  # fmt: skip
    until = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    opened = boss.post(
        "/polls/new", title="When?", time_zone="Europe/Brussels", minutes="60",
        slot_1="2050-02-02T14:00", slot_2="2050-02-03T14:00", closes_local=until,
    )  # fmt: skip
    poll = f"/polls/{slug_in(opened, 'polls')}"
    boss.post(f"{poll}/invite", people=f"{NAME} <{VERA}>")
    vera.post(f"{poll}/vote", date_1="yes")
    vera.new_feed()
    return vera, ned, f"/events/{seminar}", f"/posts/{slug_in(written, 'posts')}"


@pytest.mark.parametrize("way", ["embedded-sqlite", "embedded-postgresql", "kafka-postgresql"])
def test_nothing_is_left_of_who_left(
    way: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running_hub(way, tmp_path, request, kafka_compaction_lag=LAG) as hub:
        vera, ned, seminar, post = busy(hub)
        member_id = id_of(hub, VERA)
        code, said = verified(hub, member_id, VERA, NAME)
        assert code == 1
        for service in SERVICES:
            assert f"LEFT  {service}." in said, said
        if way == "kafka-postgresql":
            assert "LEFT  topic membership.state" in said, said
        vera.post("/me/leave", status=200)
        way_back = Mailbox(hub.url).wait_for_link(VERA, "/stay", 1)
        two_weeks_pass(hub)
        hub.kill()
        hub.start()
        receipt = eventually(lambda: Mailbox(hub.url).to("(erased)"), limit=120)
        assert receipt, said
        assert httpx.get(way_back).status_code == 200
        used = vera.browser.post("/stay", data={"secret": httpx.URL(way_back).params["secret"]})
        assert used.status_code == 410
        assert "You have a seat." in ned.get(seminar)
        assert "A former member" in ned.get(post)
        settled(hub)
        deadline = time.monotonic() + 180
        while (outcome := verified(hub, member_id, VERA, NAME))[0] and time.monotonic() < deadline:
            time.sleep(1)
        assert outcome[0] == 0, outcome[1]
        # A projection that is built anew does not bring the person back.
        for name in hub.command("replay").split():
            hub.command("replay", name)
        code, said = verified(hub, member_id, VERA, NAME)
        assert code == 0, said
        assert hub.command("events", "parked").strip() == "Nothing is parked."
        again = Person(hub.url, NAME, VERA).member(side="citizen", region="BE10")
        assert NAME in again.get("/me")
        assert id_of(hub, VERA) != member_id
