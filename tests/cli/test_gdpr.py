"""`hub gdpr verify` finds what is planted, in each kind of place."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from typer.testing import CliRunner

from events.catalogue import SERVICES
from events.envelope import new_id
from events.tables import OUTBOX, PARKED
from hub.cli.gdpr_search import HISTORY, TOMBSTONES, Found, Wanted, files, files_in, tables
from hub.cli.main import app
from hub.compose import create_services, open_stores
from services.kit.settings import Settings

ID = new_id()
WANTED = Wanted(ID, ("Zoë O'Neil", "zoe@example.org"))


def silent(place: str) -> None:
    """Nobody is told how far it is."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The databases of a hub, with nobody in them."""
    folder = tmp_path_factory.mktemp("empty")
    for service in create_services(Settings(data_dir=folder)).values():
        service.database.close()
    return folder


@pytest.fixture
def data(empty: Path, tmp_path: Path) -> Settings:
    """The same for one test alone."""
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    return Settings(data_dir=tmp_path)


def search(settings: Settings) -> Found:
    """What is found in everything of a hub."""
    found = Found()
    stores = open_stores(settings)
    tables(stores, WANTED, found, silent)
    for store in stores.values():
        store.close()
    files(files_in([settings.data_dir]), WANTED, found, silent)
    return found


def an_outbox_row(stream: str, payload: bytes | None) -> dict[str, object]:
    return {
        "id": new_id(), "stream": stream, "type": "hub.membership.contact.v1", "key": ID,
        "version": 3, "time": 0.0, "correlationid": new_id(), "payload": payload,
        "superseded": False,
    }  # fmt: skip


def test_an_empty_hub_has_nothing(data: Settings) -> None:
    found = search(data)
    assert (dict(found.left), dict(found.explained)) == ({}, {})
    assert found.looked_at > len(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("planted", "is_left"),
    [
        (("state", b'{"id": "%s"}' % ID.encode()), True),
        (("facts", b'{"contact_id": "%s"}' % ID.encode()), False),
        (("facts", b'{"who": "zoe@EXAMPLE.org"}'), True),
        (("state", None), False),
    ],
)
def test_outbox_is_looked_into(
    data: Settings, service: str, planted: tuple[str, bytes | None], is_left: bool
) -> None:
    store = open_stores(data)[service]
    with store.unit_of_work() as session:
        session.connection().execute(insert(OUTBOX), an_outbox_row(*planted))
    found = Found()
    tables({service: store}, WANTED, found, silent)
    store.close()
    assert bool(found.left) is is_left
    if not is_left:
        why = HISTORY if planted[0] == "facts" else TOMBSTONES
        assert {each for each, _ in found.explained} == {why}


@pytest.mark.parametrize(
    "form", ["Zoë O'Neil", "ZOË O'NEIL", "Zo\\u00eb O'Neil", "Zoë O&#x27;Neil", "zoe o'neil"]
)
def test_a_name_is_found_however_it_was_written(data: Settings, form: str) -> None:
    store = open_stores(data)["membership"]
    parked = {
        "group_name": "g", "event_id": new_id(), "producer": "membership", "stream": "facts",
        "type": "t", "key": "k", "version": 1, "time": 0.0, "correlationid": "c",
        "value": None, "error": f"bad: {form}", "parked_at": 0.0, "requeued": False,
    }  # fmt: skip
    with store.unit_of_work() as session:
        session.connection().execute(insert(PARKED), parked)
    store.close()
    assert "membership.parked.error" in search(data).left


def test_a_deleted_row_is_found_in_the_bytes_until_they_are_overwritten(data: Settings) -> None:
    """What the switches of the database prevent is made to happen, and is seen."""
    store = open_stores(data)["knowledge"]
    with store.engine.connect() as connection:
        connection.execute(text("PRAGMA secure_delete = OFF"))
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
        connection.execute(text("INSERT INTO notes VALUES ('write to zoe@example.org')"))
        connection.execute(text("DELETE FROM notes"))
        connection.commit()
    left = {place.rpartition("/")[2] for place in search(data).left}
    assert left & {"knowledge.sqlite3", "knowledge.sqlite3-wal"}
    store.close()


def test_files_and_logs_are_looked_into(data: Settings, tmp_path: Path) -> None:
    (tmp_path / "hub.log").write_text(f"sent to ZOE@example.org\nerased {ID}\n")
    found = search(data)
    assert dict(found.left) == {f"file {tmp_path / 'hub.log'}": 1}
    assert [place for _, place in found.explained] == [f"file {tmp_path / 'hub.log'}"]


def test_a_text_over_the_edge_of_a_chunk_is_found_once(data: Settings, tmp_path: Path) -> None:
    for before in range((1 << 20) - 20, 1 << 20, 3):
        (tmp_path / "big.bin").write_bytes(b"x" * before + b"zoe@example.org" + b"y" * 100)
        found = Found()
        files([tmp_path / "big.bin"], WANTED, found, silent)
        assert list(found.left.values()) == [1]


def test_verify_fails_when_something_is_left_and_says_where(
    data: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATA_DIR", str(data.data_dir))
    asked = ["gdpr", "verify", ID, "--also", "zoe@example.org"]
    clean = CliRunner().invoke(app, asked)
    assert (clean.exit_code, clean.stdout) == (0, "")
    (tmp_path / "list.txt").write_text("zoe@example.org")
    dirty = CliRunner().invoke(app, asked)
    assert (dirty.exit_code, dirty.stdout) == (1, f"LEFT  file {tmp_path / 'list.txt'}: 1\n")
    short = CliRunner().invoke(app, ["gdpr", "verify", ID, "--also", "Jo"])
    assert short.exit_code == 2
