"""Hubs for the review: with the demonstration, empty and new; and people signed in."""

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import icalendar
from PIL import Image
from playwright.sync_api import StorageState

from services.kit.language import LANGUAGES
from services.kit.settings import Settings
from tests.browser.pages import Audience, ListedPage, State
from tests.flows.people import Mailbox, eventually
from tests.hubs import RunningHub, free_ports

STATES: tuple[State, ...] = ("demo", "empty", "new")
BOSS = "boss@example.org"
PEOPLE: Mapping[Audience, str] = {
    # Of the demonstration; all read English, and the member is registered for everything.
    "member": "jonas.exempel@example.org",
    "organiser": "eeva.esimerkki@example.org",
    "coordinator": "ada.beispiel@example.org",
    "admin": BOSS,
}
EVENTS = {
    "event": "A morning in the pharmacogenomics field lab",
    "full_event": "Master class: explaining a genome to a family",
    "series": "Tuesdays with data: learning together without sharing",
}
COMMUNITY = {
    "name": "Co-creation Hub",
    "controller": "Demo Region of Middle Nowhere, Example Square 1, Ghent-on-Paper",
    "controller_email": "privacy@example.org",
    "imprint": "Demo Region of Middle Nowhere\n\nExample Square 1, Ghent-on-Paper",
    "funding": "Made up: nobody has funded this demonstration.",
    "joining_open": "yes",
}
PROVIDER = {
    "name": "example",
    "label": "Example Login",
    "issuer": "http://127.0.0.1:9",
    "client_id": "hub",
    "client_secret": "secret",
}
CALLED_OFF = {
    "kind": "seminar",
    "mode": "online",
    "title": "An evening that was called off",
    "starts_local": "2050-12-01T18:00",
    "ends_local": "2050-12-01T19:30",
    "time_zone": "Europe/Brussels",
    "repeats": "no",
    "join_url": "https://video.example/evening",
}
SESSIONS = (
    {
        "title": "What a genome says, and what it does not",
        "kind": "Talk",
        "room": "Blue hall",
        "track": "Genomics",
        "speakers": "Ada Example\nBen Example",
        "abstract": "A *short* introduction.\n\n- No formulas\n- Many questions",
    },
    {"title": "Coffee and posters", "kind": "Break", "room": "Foyer"},
    {
        "title": "Données de santé: qui décide?",
        "kind": "Workshop",
        "room": "Foyer",
        "language": "fr",
    },
)

POLL = {
    "title": "Kick-off of the data group",
    "description": "We agree on **who does what** in the first year.",
    "time_zone": "Europe/Helsinki",
    "minutes": "90",
    "roles": "speaker, interpreter",
    "slot_1": "2050-06-01T14:00",
    "slot_2": "2050-06-02T09:30",
    "slot_3": "2050-06-07T23:00",
}


@dataclass(frozen=True)
class Stage:
    """Running hubs, cookies of people by state and audience, and addresses by name."""

    hubs: Mapping[State, RunningHub]
    cookies: Mapping[tuple[State, Audience], dict[str, str]]
    addresses: Mapping[str, str]

    def url(self, listed: ListedPage) -> str:
        """Where the page is opened."""
        return self.hubs[listed.state].url + self.path(listed)

    def path(self, listed: ListedPage) -> str:
        """The address with what the filled hub knows."""
        return listed.opened_at.format_map(self.addresses)

    def action(self, listed: ListedPage) -> str:
        """Where the form of a page that is sent leads."""
        opened = self.path(listed).partition("?")[0]
        for route in (
            "/events/{slug}/people", "/events/{slug}", "/organisations/{reference}/edit",
            "/polls/{secret}",
        ):  # fmt: skip
            if listed.route.startswith(route):
                rest = listed.route.removeprefix(route)
                return opened if rest and opened.endswith(rest) else opened + rest
        return listed.route

    def sent(self, listed: ListedPage) -> dict[str, str]:
        """What the form of a page that is sent holds."""
        return {
            name: value.format_map(self.addresses) for name, value in (listed.sends or {}).items()
        }

    def speak(self, language: str) -> None:
        """Have everybody who is signed in read the pages in a language."""
        for (state, _), cookies in self.cookies.items():
            with _client(self.hubs[state].url, cookies) as client:
                answer = client.post("/preferences", data={"language": language, "next": "/"})
                assert answer.status_code == 303, answer.text

    def signed_in(self, listed: ListedPage, **more: str) -> StorageState:
        """The state of a browser of the page's audience, with more cookies by name."""
        cookies = {**self.cookies.get((listed.state, listed.audience), {}), **more}
        return {
            "cookies": [
                {
                    "name": name,
                    "value": value,
                    "domain": "127.0.0.1",
                    "path": "/",
                    "expires": -1,
                    "httpOnly": True,
                    "secure": False,
                    "sameSite": "Lax",
                }
                for name, value in cookies.items()
            ],
            "origins": [],
        }


@contextmanager
def the_stage(folder: Path) -> Iterator[Stage]:
    """Start all hubs, fill one, and sign everybody in."""
    with ExitStack() as stack:
        hubs: dict[State, RunningHub] = {}
        for state in STATES:
            hubs[state] = fresh_hub(folder / state)
            stack.callback(hubs[state].stop)
            hubs[state].start()
        for state in ("demo", "empty"):
            hubs[state].command("admin", "create", BOSS, "--name", "Olga Organiser")
        hubs["demo"].command("demo", "--small")
        cookies: dict[tuple[State, Audience], dict[str, str]] = {
            ("demo", audience): sign_in(hubs["demo"].url, email)
            for audience, email in PEOPLE.items()
        }
        cookies["empty", "admin"] = sign_in(hubs["empty"].url, BOSS)
        _introduce(hubs["demo"].url, cookies["demo", "admin"])
        found = _addresses(hubs["demo"].url, cookies["demo", "organiser"])
        found["organised"] = found["series"].replace("/events/", "/organise/")
        found.update(_polls(hubs["demo"].url, cookies["demo", "organiser"]))
        with _client(hubs["demo"].url, cookies["demo", "organiser"]) as client:
            shown = client.get(f"{found['series']}/dates").text
            found["date"] = re.findall(rf'href="({found["series"]}/dates/[0-9T:-]+)"', shown)[1]
        found["region"] = _region(hubs["demo"].url, cookies["demo", "admin"])
        with _client(hubs["demo"].url, cookies["demo", "member"]) as client:
            client.post(f"{found['organisation']}/ask", data={"role": "owner"})
            code = re.search(r"<code>([\w-]+)</code>", client.get(f"{found['series']}/ticket").text)
            found["ticket"] = f"/checkin/{code[1]}" if code else ""
        found["code"] = (hubs["new"].settings.data_dir / "setup-code").read_text()
        yield Stage(hubs, cookies, found)


def fresh_hub(folder: Path) -> RunningHub:
    """A hub of its own in a folder, not yet started."""
    port = free_ports(1)
    (folder / "logs").mkdir(parents=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
        "HUB_DATA_DIR": str(folder / "data"),
        "HUB_PORT": str(port),
        # Nobody is there: what is looked at is the button, and the page that says so.
        "HUB_OIDC": json.dumps([PROVIDER]),
        "HUB_LIMIT_MAILS": "0",
        "HUB_LIMIT_SECRETS": "0",
        "HUB_LIMIT_WRITES": "0",
    }
    settings = Settings(data_dir=folder / "data", port=port)
    return RunningHub("embedded-sqlite", settings, environment, folder / "logs")


def sign_in(url: str, email: str) -> dict[str, str]:
    """Cookies of someone who has just signed in by mail."""
    with _client(url) as client:
        client.post("/sign-in", data={"email": email, "next": "/"}).raise_for_status()
        link = httpx.URL(Mailbox(url).wait_for_link(email, "/sign-in/use", 1))
        answer = client.post("/sign-in/use", data={"secret": link.params["secret"]})
        assert answer.status_code == 303, answer.text
        return {name: client.cookies[name] for name in client.cookies if "session" in name}


def events_of_the_demonstration(url: str) -> dict[str, str]:
    """Paths of the events that pages are shown of, by name, once the public calendar has them."""
    titles = {title: name for name, title in EVENTS.items()}
    with _client(url) as client:
        found = eventually(lambda: _published(client, titles))
    assert len(found) == len(titles), "the demonstration is not in the calendar"
    return found


def _introduce(url: str, admin: Mapping[str, str]) -> None:
    """Let a hub say who runs it, in all languages it can speak."""
    with _client(url, admin) as client:
        answer = client.post("/settings", data={**COMMUNITY, "languages": list(LANGUAGES)})
        assert answer.status_code == 303, answer.text


def _region(url: str, admin: Mapping[str, str]) -> str:
    """The path of a region of the partnership, newly made."""
    with _client(url, admin) as client:
        client.post("/admin/regions", data={"name": "East Netherlands", "places": "NL2\nTwente"})
        links = re.findall(r'href="(/admin/regions/[a-z0-9-]+)"', client.get("/admin/regions").text)
        return str(links[0])


def _polls(url: str, organiser: Mapping[str, str]) -> dict[str, str]:
    """Paths of a poll that some have answered, its organiser too, and of one that is closed."""
    until = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    found: dict[str, str] = {}
    with _client(url, organiser) as client, _client(url) as visitor:
        for name in ("poll", "closed_poll"):
            answer = client.post("/polls/new", data={**POLL, "closes_local": until})
            assert answer.status_code == 303, answer.text
            poll = answer.headers["location"].removesuffix("/results")
            shown = client.get(f"{poll}/results").text
            code = re.search(r"(/polls/[A-Za-z0-9_-]+)</code>", shown)
            assert code
            shared = code[1]
            for number, (person, role) in enumerate(
                (("Gia Guest", "speaker"), ("Ivo Interpreter", "interpreter"), ("Nora", ""))
            ):
                said = {f"date_{date}": "yes" for date in range(1, 4) if (date + number) % 3}
                visitor.post(shared, data={"name": person, "role": role, **said})
            client.post(shared, data={"date_1": "maybe", "date_2": "yes"})
            people = "Jonas <jonas@example.org>\ncoming@example.org"
            client.post(f"{poll}/invite", data={"people": people})
            if name == "closed_poll":
                client.post(f"{poll}/close")
                found[name] = shared
            else:
                found["poll"], found["shared_poll"] = poll, shared
    return found


def _agenda(client: httpx.Client) -> dict[str, str]:
    """Paths of an event with an agenda, and of a session of it."""
    day = {"title": "A day with an agenda", "ends_local": "2050-12-02T19:30"}
    answer = client.post("/events/new", data={**CALLED_OFF, **day})
    assert answer.status_code == 303, answer.text
    event = str(answer.headers["location"])
    for number, session in enumerate(SESSIONS):
        times = {"starts_local": f"2050-12-0{number % 2 + 1}T18:15"}
        times["ends_local"] = f"2050-12-0{number % 2 + 1}T19:15"
        answer = client.post(f"{event}/agenda/new", data={**session, **times})
        assert answer.status_code == 303, answer.text
    picture = BytesIO()
    Image.radial_gradient("L").resize((1600, 900)).save(picture, "JPEG")
    answer = client.post(
        f"{event.replace('/events/', '/organise/')}/cover",
        data={"alt": "Light in the middle of the dark"},
        files={"file": ("light.jpg", picture.getvalue(), "image/jpeg")},
    )
    assert answer.status_code == 303, answer.text
    links = re.findall(rf'href="({event}/agenda/[a-z0-9-]+-[a-z0-9]+)"', client.get(event).text)
    session = links[0]
    edit = re.search(rf'href="({event}/agenda/[0-9a-f-]+/edit)"', client.get(session).text)
    assert edit
    return {"with_agenda": event, "session": session, "session_edit": edit[1]}


def _addresses(url: str, organiser: Mapping[str, str]) -> dict[str, str]:
    """Paths of the things that pages are shown of."""
    with _client(url, organiser) as client:
        answer = client.post("/events/new", data=CALLED_OFF)
        assert answer.status_code == 303, answer.text
        called_off = answer.headers["location"]
        client.post(f"{called_off}/cancel", data={"sure": "yes"})
        agenda = _agenda(client)
        listed = re.findall(r'href="(/people/[0-9a-f-]{36})"', client.get("/people").text)
    with _client(url) as client:
        found = {
            "called_off": called_off,
            **agenda,
            "person": listed[0],
            "account": f"/moderation{listed[0]}",
            **events_of_the_demonstration(url),
        }
        for name, path in (
            ("post", "/posts"),
            ("project", "/demo-cases"),
            ("organisation", "/organisations"),
        ):
            links = re.findall(rf'href="({path}/[a-z0-9-]+)"', client.get(path).text)
            found[name] = next(link for link in links if not link.endswith("/new"))
        email = f"guest-{secrets.token_hex(4)}@example.org"
        client.post(f"{found['event']}/register", data={"name": "Gia Guest", "email": email})
        link = Mailbox(url).wait_for_link(email, "/registrations/", 1)
        found["registration"] = httpx.URL(link).path
        return found


def _published(client: httpx.Client, titles: Mapping[str, str]) -> dict[str, str]:
    """Paths by name of those events that are in the public calendar; empty until all are."""
    calendar = icalendar.Calendar.from_ical(client.get("/feeds/public.ics").content)
    found = {
        titles[str(event["SUMMARY"])]: httpx.URL(str(event["URL"])).path
        for event in calendar.walk("VEVENT")
        if str(event["SUMMARY"]) in titles
    }
    return found if len(found) == len(titles) else {}


def _client(url: str, cookies: Mapping[str, str] | None = None) -> httpx.Client:
    headers = {"origin": url, "accept": "text/html"}
    return httpx.Client(base_url=url, headers=headers, cookies=dict(cookies or {}), timeout=30)
