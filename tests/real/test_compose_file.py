"""No Docker engine runs the tests: the compose file is held to what it must say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from services.kit.settings import Settings
from tests.real import parts

SERVICES = ("membership", "scheduling", "knowledge", "matchmaking", "notification", "calendar")
Containers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def containers() -> Containers:
    """The containers by name, with every anchor of the file resolved."""
    file = yaml.safe_load((parts.ROOT / "docker-compose.yml").read_text())
    found: Containers = file["services"]
    return found


def test_compose_runs_every_process_of_the_hub(containers: Containers) -> None:
    commands = {name: box["command"] for name, box in containers.items() if "build" in box}
    assert commands == {
        "migrate": ["hub", "migrate"],
        "gateway": ["hub", "gateway"],
        **{name: ["hub", "service", name] for name in SERVICES},
        **{f"relay-{name}": ["hub", "relay", name] for name in SERVICES},
    }


def test_compose_takes_its_engines_from_official_images(containers: Containers) -> None:
    version = re.search(r"<kafka.version>(.+)</kafka.version>", parts.KAFKA_POM.read_text())
    assert version is not None
    engines = {name: box["image"] for name, box in containers.items() if "build" not in box}
    assert engines == {"postgres": "postgres:17", "kafka": f"apache/kafka:{version[1]}"}


def test_compose_sets_only_settings_that_exist(containers: Containers) -> None:
    known = {f"HUB_{name.upper()}" for name in Settings.model_fields}
    given = {name for box in containers.values() for name in box["environment"] if "HUB_" in name}
    assert given - known == set()


def test_compose_tells_where_each_service_listens(containers: Containers) -> None:
    urls = json.loads(containers["gateway"]["environment"]["HUB_SERVICE_URLS"])
    assert urls == {name: f"http://{name}:8000" for name in SERVICES}


def test_compose_keeps_no_password(containers: Containers) -> None:
    wanted = "${POSTGRES_PASSWORD:?choose a password}"
    assert containers["postgres"]["environment"]["POSTGRES_PASSWORD"] == wanted
    assert f"hub:{wanted}@postgres" in containers["gateway"]["environment"]["HUB_DATABASE_URL"]


def test_compose_migrates_before_anything_runs(containers: Containers) -> None:
    hub = {name: box for name, box in containers.items() if "build" in box and name != "migrate"}
    assert {name: box["depends_on"]["migrate"]["condition"] for name, box in hub.items()} == (
        dict.fromkeys(hub, "service_completed_successfully")
    )
    assert containers["migrate"]["restart"] == "no"


def test_compose_opens_the_gateway_alone_and_to_this_machine(containers: Containers) -> None:
    opened = {name: box["ports"] for name, box in containers.items() if "ports" in box}
    assert opened == {"gateway": ["127.0.0.1:8000:8000"]}
