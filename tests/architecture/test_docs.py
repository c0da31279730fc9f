"""What the documents say is so."""

import re
from pathlib import Path

from events.catalogue import SERVICES
from hub.cli.main import app
from hub.settings import Settings
from services.calendar.settings import FeedSettings

ROOT = Path(__file__).parents[2]


def test_every_setting_is_in_the_operators_guide() -> None:
    told = set(re.findall(r"`HUB_([A-Z_]+)`", (ROOT / "docs/operations.md").read_text()))
    feeds = {f"FEED_{name.upper()}" for name in FeedSettings.model_fields}
    assert {name.upper() for name in Settings.model_fields} | feeds == told


def test_every_dependency_says_why_it_is_there() -> None:
    project = (ROOT / "pyproject.toml").read_text().split("[dependency-groups]")[0]
    wanted = set(re.findall(r'^    "([a-z0-9-]+(?:\[[a-z0-9]+\])?)>=', project, re.M))
    said = (ROOT / "docs/adr/0002-dependencies.md").read_text()
    told = set(re.findall(r"^\| ([a-z0-9-]+(?:\[[a-z0-9]+\])?) \|", said, re.M)) - {"library"}
    assert wanted == told


def test_lock_files_hold_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_documents_name_files_that_exist() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]:
        for path in re.findall(
            r"`((?:events|services|hub|templates|tests|docs)/[\w./-]+)`", page.read_text()
        ):
            assert (ROOT / path).exists(), f"{page.name} names {path}"


def test_commands_in_the_documents_exist() -> None:
    known = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    known |= {group.name or "" for group in app.registered_groups}
    for page in [ROOT / "README.md", *ROOT.glob("docs/*.md")]:
        for command in re.findall(r"^    hub ([a-z]+)", page.read_text(), re.M):
            assert command in known, f"{page.name} names hub {command}"


def test_every_service_has_the_same_files() -> None:
    for service in SERVICES:
        folder = ROOT / "services" / service
        for name in ("app.py", "base.py", "models.py", "settings.py", "handlers.py", "migrations"):
            assert (folder / name).exists(), f"{service} lacks {name}"
