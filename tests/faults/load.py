"""Guests who register one after the other, whatever happens to the hub meanwhile."""

import threading
from itertools import count

import httpx

from tests.flows.people import Person
from tests.hubs import RunningHub

BOSS = "boss@example.org"


def a_seminar(hub: RunningHub, capacity: int = 100_000) -> str:
    """A published seminar with many seats; its slug."""
    hub.command("admin", "create", BOSS)
    boss = Person(hub.url, "Boss", BOSS)
    boss.sign_in()
    return boss.publish(
        kind="seminar",
        mode="online",
        title="Seminar under load",
        starts_local="2027-02-02T14:00",
        ends_local="2027-02-02T15:30",
        time_zone="Europe/Brussels",
        capacity=str(capacity),
        join_url="https://video.example/x",
        language="en",
    )


class Guests:
    """Registers guests in threads until stopped; a failed request is tried again as people do."""

    def __init__(self, hub: RunningHub, slug: str, *, threads: int = 3, name: str = "g") -> None:
        self._hub = hub
        self._path = f"/events/{slug}/register"
        self._numbers = count()
        self._name = name
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]
        self.registered: set[str] = set()
        self.unanswered: set[str] = set()
        self.errors: list[str] = []

    def __enter__(self) -> "Guests":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            email = f"{self._name}{next(self._numbers)}@example.org"
            form = {"name": f"Guest {email}", "email": email}
            try:
                answer = httpx.post(
                    self._hub.url + self._path,
                    data=form,
                    headers={"origin": self._hub.url},
                    timeout=60,
                )
            except httpx.HTTPError:
                # Killed while we asked: it may be registered or not, both are true.
                self.unanswered.add(email)
                self._stop.wait(0.05)
                continue
            if answer.status_code == 303:
                self.registered.add(email)
            else:
                self.errors.append(f"{answer.status_code} {answer.text[:300]}")
