"""The first run: a new hub is set up by its owner, once, and its settings change later."""

import re
import signal
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from hub import app as gateway
from hub.cli.demo import take_away
from hub.cli.demo_people import GUESTS
from hub.first_run import SetupCode, demonstration_offered, environment_of
from hub.settings import Settings
from tests.hub.gateway import Browser, WholeHub, text_of
from tests.hubs import RunningHub, running_hub

FORM = {
    "name": "Hub of the North",
    "languages": "en",
    "joining_open": "yes",
    "controller": "Region North",
    "controller_email": "privacy@example.org",
    "imprint": "Region North, Example Square 1",
    "funding": "Paid for by the region.",
    "admin_name": "Ann Admin",
    "email": "ann@example.org",
    "time_zone": "Europe/Amsterdam",
}


@pytest.fixture
def new_hub(tmp_path: Path) -> Iterator[WholeHub]:
    """A hub that nobody looks after yet."""
    made = WholeHub(tmp_path / "data", new=True)
    yield made
    made.close()


def _code(hub: WholeHub) -> str:
    return SetupCode(hub.settings.data_dir).made()


def _set_up(hub: WholeHub, **changes: str) -> Browser:
    browser = Browser(hub)
    form = {**FORM, "code": _code(hub), **changes}
    # A box that is not ticked is not in the form.
    answer = browser.post("/setup", **{name: value for name, value in form.items() if value})
    assert (answer.status_code, answer.headers["location"]) == (303, "/"), text_of(answer)
    return browser


def test_new_hub_leads_to_its_setup_page_and_asks_for_the_code(new_hub: WholeHub) -> None:
    browser = Browser(new_hub)
    assert browser.get("/").headers["location"] == "/setup"
    asked = browser.get("/setup")
    assert asked.status_code == 200
    assert "Set-up code" in text_of(asked)
    assert 'name="admin_name"' not in asked.text


def test_code_is_a_file_that_only_the_owner_reads(new_hub: WholeHub) -> None:
    Browser(new_hub).get("/setup")
    path = new_hub.settings.data_dir / "setup-code"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) >= 32
    assert [found.name for found in path.parent.glob("setup-code*")] == ["setup-code"]
    assert _code(new_hub) == _code(new_hub) == path.read_text()


@pytest.mark.parametrize("code", ["nonsense", "", "é", "\u202e"])
def test_wrong_code_sets_nothing_up(new_hub: WholeHub, code: str) -> None:
    browser = Browser(new_hub)
    if code:
        shown = Browser(new_hub).send("GET", f"/setup?code={code}")
        assert shown.status_code == 403
        assert "setup-code in its data folder" in text_of(shown)
        assert 'name="admin_name"' not in shown.text
    answer = browser.post("/setup", **{**FORM, "code": code})
    assert answer.status_code == 403
    assert "This is not the code of this hub." in text_of(answer)
    assert browser.get("/").headers["location"] == "/setup"


def test_setup_page_has_every_language_ticked_and_joining_open(new_hub: WholeHub) -> None:
    page = Browser(new_hub).get(f"/setup?code={_code(new_hub)}").text
    ticked = re.findall(
        r'name="(languages|joining_open|demonstration)" value="(\w+)"( checked)?', page
    )
    assert ticked == [
        *[("languages", code, " checked") for code in ("en", "de", "fr", "nl", "es", "it", "pl")],
        ("joining_open", "yes", " checked"),
        ("demonstration", "yes", ""),
    ]


def test_setup_names_the_hub_and_signs_its_admin_in(new_hub: WholeHub) -> None:
    browser = _set_up(new_hub)
    home = browser.get("/")
    assert home.status_code == 200
    assert "The hub is yours." in text_of(home)
    assert "Hub of the North" in home.text
    assert "Settings of the hub" in text_of(browser.get("/settings"))
    profile = browser.get("/me/profile").text
    assert "Ann Admin" in profile
    assert re.search(r'<option value="Europe/Amsterdam" selected>', profile)
    shown = text_of(Browser(new_hub).get("/imprint"))
    assert "Region North, Example Square 1" in shown
    assert "Paid for by the region." in shown
    assert not (new_hub.settings.data_dir / "setup-code").exists()


def test_setup_page_is_gone_once_the_hub_is_set_up(new_hub: WholeHub) -> None:
    code = _code(new_hub)
    browser = _set_up(new_hub)
    stranger = Browser(new_hub)
    for answer in (
        stranger.get(f"/setup?code={code}"),
        stranger.get("/setup"),
        stranger.post("/setup", **{**FORM, "code": code, "email": "eve@example.org"}),
    ):
        assert answer.status_code == 410
        assert "set up already" in text_of(answer)
    assert browser.get("/setup").headers["location"] == "/"
    assert stranger.get("/").status_code == 200
    assert not (new_hub.settings.data_dir / "setup-code").exists()


def test_setup_is_over_for_other_gateways_at_once(new_hub: WholeHub) -> None:
    other = Browser(new_hub, gateway.create(new_hub.settings, new_hub.clients, []))
    assert other.get("/").headers["location"] == "/setup"
    _set_up(new_hub)
    assert other.get("/").status_code == 200


def test_hub_with_an_admin_needs_no_setup(new_hub: WholeHub) -> None:
    browser = Browser(new_hub)
    assert browser.get("/").headers["location"] == "/setup"
    new_hub.admin("olga@example.org", "Olga")
    assert browser.get("/").status_code == 200
    assert browser.get(f"/setup?code={_code(new_hub)}").status_code == 410


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"admin_name": ""}, "admin_name"),
        ({"email": "nonsense"}, "email"),
        ({"controller_email": "nonsense"}, "controller_email"),
        ({"languages": "tlh"}, "languages"),
        ({"languages": ""}, "languages"),
    ],
)
def test_setup_keeps_what_was_typed_and_says_what_is_wrong(
    new_hub: WholeHub, wrong: dict[str, str], field: str
) -> None:
    form = {**FORM, "imprint": "<b>Typed</b>", "code": _code(new_hub), **wrong}
    del form["joining_open"]
    answer = Browser(new_hub).post("/setup", **form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert answer.text.count('-error"><') == 1
    assert "&lt;b&gt;Typed&lt;/b&gt;" in answer.text
    assert 'name="joining_open" value="yes">' in answer.text
    assert _code(new_hub) in answer.text
    assert Browser(new_hub).get("/").headers["location"] == "/setup"


def test_setup_takes_the_zone_it_knows_when_the_browser_names_another(new_hub: WholeHub) -> None:
    browser = _set_up(new_hub, time_zone="Mars/Olympus")
    assert re.search(r'<option value="Europe/Brussels" selected>', browser.get("/me/profile").text)


def test_closed_hub_lets_nobody_join(new_hub: WholeHub) -> None:
    browser = _set_up(new_hub, joining_open="")
    form = {
        "name": "Bert", "email": "bert@example.org", "helix_side": "citizen",
        "region_code": "BE10", "language": "en", "time_zone": "Europe/London", "terms": "yes",
    }  # fmt: skip
    assert "not open for new members" in text_of(Browser(new_hub).get("/join"))
    answer = Browser(new_hub).post("/join", **form)
    assert answer.status_code == 403
    assert "not open for new members" in text_of(answer)
    opened = {name: FORM[name] for name in ("name", "languages", "joining_open")}
    assert browser.post("/settings", **opened).status_code == 303
    assert Browser(new_hub).post("/join", **form).status_code == 200


def test_language_that_waits_for_its_reader_is_not_offered_to_members(new_hub: WholeHub) -> None:
    def offered(browser: Browser, path: str) -> list[str]:
        select = re.findall(
            r'<select[^>]*name="language".*?</select>', browser.get(path).text, re.S
        )
        return re.findall(r'value="(\w+)"', select[0])

    admin = _set_up(new_hub, languages="nl")
    assert offered(Browser(new_hub), "/join?as=citizen") == ["nl"]
    # What a member chose while it was offered stays theirs.
    assert offered(admin, "/me/profile") == ["en", "nl"]


def test_settings_are_changed_by_admins_and_seen_by_all(hub: WholeHub, olga: Browser) -> None:
    before = olga.get("/settings").text
    assert "hub demo --remove" in before
    change = {"name": "Hub of the <South>", "languages": "en", "joining_open": "yes",
              "imprint": "Here we are.\nAnd there."}  # fmt: skip
    answer = olga.post("/settings", **change)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
    after = olga.get("/settings")
    assert "The settings are saved." in text_of(after)
    assert 'value="Hub of the &lt;South&gt;"' in after.text
    assert "Here we are.\nAnd there.</textarea>" in after.text
    assert "Hub of the &lt;South&gt;" in Browser(hub).get("/events").text
    wrong = olga.post("/settings", **{**change, "name": "", "imprint": "Kept"})
    assert (wrong.status_code, 'id="name-error"' in wrong.text) == (422, True)
    assert "Kept</textarea>" in wrong.text
    back = {"name": "Co-creation Hub", "joining_open": "yes"}
    languages = b"&languages=".join([b"", *(code.encode() for code in ("en", "de", "fr"))])
    body = "&".join(f"{name}={value}" for name, value in back.items()).encode() + languages
    answer = olga.send(
        "POST", "/settings", body, origin="http://127.0.0.1:8000", sec_fetch_site="same-origin",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert answer.status_code == 303
    assert re.findall(r'value="(\w\w)" checked', olga.get("/settings").text) == ["en", "de", "fr"]


def test_settings_are_for_admins(stranger: Browser, anna: Browser) -> None:
    assert stranger.get("/settings").headers["location"] == "/sign-in?next=/settings"
    assert anna.get("/settings").status_code == 403
    assert anna.post("/settings", name="Anna's hub", languages="en").status_code == 403


@pytest.mark.timeout(120)
def test_setup_fills_the_hub_with_the_example_community(new_hub: WholeHub) -> None:
    started = time.monotonic()
    browser = _set_up(new_hub, demonstration="yes", joining_open="")
    assert time.monotonic() - started < 5
    assert "the example community is moving in" in text_of(browser.get("/"))
    deadline = time.monotonic() + 90
    while "Look at it" not in (said := (new_hub.settings.data_dir / "demo.log").read_text()):
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    assert "Pharmacogenomics in daily practice" in text_of(browser.get("/events"))
    counts = new_hub.loop.run(take_away(new_hub.settings))
    assert counts["people"] == 12 + len(GUESTS)
    assert "Pharmacogenomics in daily practice" not in text_of(browser.get("/events"))
    assert "Ann Admin" in browser.get("/me").text


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("way", "name"), [("embedded-sqlite", "hub"), ("cluster", "gateway")])
def test_start_prints_the_link_while_nobody_looks_after_the_hub(
    way: str, name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running_hub(way, tmp_path, request) as hub:
        said = _said(hub, name, r"http://\S+/setup\?code=\S+")
        assert said == f"{hub.url}/setup?code={SetupCode(hub.settings.data_dir).made()}"
        assert "You, its administrator" in httpx.get(said).text
        hub.command("admin", "create", "boss@example.org")
        assert httpx.get(said).status_code == 410
        hub.processes.pop(name).end(signal.SIGTERM)
        (hub.log / f"{name}.log").write_text("")
        hub.start(name)
        _said(hub, name, "Stop: Ctrl-C")
        time.sleep(1)
        assert "/setup" not in (hub.log / f"{name}.log").read_text()


def _said(hub: RunningHub, name: str, pattern: str) -> str:
    """What a process printed, once it has."""
    deadline = time.monotonic() + 60
    while not (found := re.search(pattern, (hub.log / f"{name}.log").read_text())):
        assert time.monotonic() < deadline, f"{name} did not print {pattern}"
        time.sleep(0.05)
    return found[0]


def test_code_is_the_same_for_processes_that_start_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        codes = set(pool.map(lambda _: SetupCode(tmp_path / "data").made(), range(64)))
    assert len(codes) == 1
    assert [found.name for found in (tmp_path / "data").iterdir()] == ["setup-code"]


def test_demonstration_is_offered_where_it_can_be_filled(tmp_path: Path) -> None:
    away = {"membership": "http://membership:8000"}
    offered = [
        demonstration_offered(Settings(data_dir=tmp_path, **more))
        for more in (
            {},
            {"service_urls": away, "database_url": "postgresql://db"},
            {"service_urls": away},
            {"smtp_url": "smtp://localhost"},
        )
    ]
    assert offered == [True, True, False, False]


def test_settings_reach_another_process_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Settings(
        data_dir=tmp_path, port=8123, service_urls={"calendar": "http://c"}, development=False
    )
    for name, value in environment_of(given).items():
        monkeypatch.setenv(name, value)
    assert Settings() == given
