"""Files of people and organisations come in whole, once, whatever program wrote them."""

import asyncio
import csv
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from hub.cli import tables
from hub.cli.bulk import Import, Report, What, harmless
from hub.cli.main import app
from hub.processes import offline_clients
from hub.settings import Settings
from services.kit.db import open_database
from services.kit.errors import Invalid
from services.membership.contacts.models import Contact
from services.membership.organisations.models import Organisation
from tests.cli.world import silent

CASES = Path(__file__).parents[3] / "shared" / "data" / "public_service_cases.csv"
HEADER = ("name", "e-mail", "side", "town", "organisation", "expertise")
ANNA = ("Anna Peeters", "anna@example.org", "hospital", "Gent", "UZ Gent", "genomics; data")


def write(path: Path, rows: Sequence[Sequence[str]], **dialect: Any) -> Path:
    encoding = dialect.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, **dialect).writerows(rows)
    return path


def bring(settings: Settings, path: Path, what: What = "members", **how: Any) -> Report:
    encoding = how.pop("encoding", None)
    report = Report(what)

    async def go() -> None:
        async with offline_clients(settings) as clients:
            await Import(clients, what, report, **how).run(path, silent, encoding=encoding)

    asyncio.run(go())
    return report


def people(settings: Settings) -> list[Contact]:
    database = open_database("membership", settings)
    with database.reader() as session:
        found = list(session.scalars(select(Contact).order_by(Contact.email)))
    database.close()
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    return Settings(data_dir=tmp_path / "data", database_url=url)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_people_come_in_once_unseen_and_without_consent(settings: Settings, tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", [HEADER, ANNA, ("Bob", "BOB@example.org", "sme", "NL33")])
    assert bring(settings, path, dry_run=True).counts == {"made": 2}
    assert people(settings) == []
    assert bring(settings, path).counts == {"made": 2}
    assert bring(settings, path).counts == {"same": 2}
    anna, bob = people(settings)
    assert (anna.name, anna.status, anna.consents, anna.roles) == (
        "Anna Peeters", "invited", [], [],
    )  # fmt: skip
    assert anna.audience == f"contact:{anna.id}"
    assert (anna.helix_side, anna.region_code) == ("healthcare", "BE23")
    assert anna.expertise_offered == ["genomics", "data"]
    assert anna.organisation_id
    assert (bob.email, bob.helix_side, bob.region_code) == ("bob@example.org", "business", "NL36")
    assert bob.organisation_id is None

    corrected = write(path, [HEADER, (*ANNA[:3], "Leuven", *ANNA[4:])])
    assert bring(settings, corrected).counts == {"changed": 1}
    assert bring(settings, corrected).counts == {"same": 1}
    assert [(one.region_code, one.version) for one in people(settings)] == [
        ("BE24", 2),
        ("NL36", 1),
    ]


def test_whoever_came_by_themselves_is_left_alone(here: Settings, tmp_path: Path) -> None:
    async def greet() -> None:
        async with offline_clients(here) as clients:
            await clients.membership.guest({"name": "A. P.", "email": "anna@example.org"})

    asyncio.run(greet())
    path = write(tmp_path / "people.csv", [HEADER, ANNA])
    assert bring(here, path).counts == {"known": 1}
    assert [(one.name, one.status, one.version) for one in people(here)] == [("A. P.", "guest", 1)]


def test_rows_in_error_are_told_one_by_one_and_hold_no_other_up(
    here: Settings, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "people.csv",
        [
            (*HEADER, "shoe size"),
            ANNA,
            ("", "b@example.org", "citizen", "Gent"),
            ("C", "not an address", "citizen", "Gent"),
            ("D", "d@example.org", "wizard", "Atlantis"),
            ("E\u202eevil", "e@example.org", "citizen", "Limburg"),
            ("F", "ANNA@example.org", "citizen", "Gent"),
            ("G", "g@example.org", "citizen", "Gent", "", "", "", "", "too much"),
            ("H", "h@example.org\r\nBcc: x@example.org", "citizen", "Gent"),
            ("I", "i@example.org", "citizen", "Gent"),
        ],
    )
    report = bring(here, path)
    assert report.counts == {"made": 2, "wrong": 6, "again": 1}
    assert report.unused == ["shoe size"]
    assert [
        (one.row, one.column, one.why) for one in sorted(report.first, key=lambda p: p.row)
    ] == [
        (2, "name", "This is needed."),
        (3, "e-mail", "This is not an e-mail address such as name@example.org."),
        (4, "side", "'wizard' is no side."),
        (4, "town", "'Atlantis' is not one region the hub knows."),
        (5, "town", "'Limburg' is not one region the hub knows."),
        (6, "", "The same as in row 1."),
        (7, "", "The row has 9 cells and the header 7."),
        (8, "e-mail", "This must be on one line."),
    ]
    assert all(one.advice for one in report.first)
    assert [one.email for one in people(here)] == ["anna@example.org", "i@example.org"]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", "\t")],
)
def test_files_of_usual_programs_are_read(
    here: Settings, tmp_path: Path, encoding: str, separator: str
) -> None:
    row = ("Zoë Müller-Çelik", "zoe@example.org", "citizen", "Köln", "Société “Été”", "santé")
    path = write(tmp_path / "p.csv", [HEADER, row], encoding=encoding, delimiter=separator)
    assert bring(here, path).counts == {"made": 1}
    assert [(one.name, one.region_code) for one in people(here)] == [("Zoë Müller-Çelik", "DEA2")]


def test_a_file_that_would_be_garbled_is_refused(here: Settings, tmp_path: Path) -> None:
    row = ("Łukasz Wrocławski", "l@example.org", "citizen", "Łódź", "", "")
    path = write(tmp_path / "p.csv", [HEADER, row], encoding="cp1250")
    with pytest.raises(Invalid, match="neither in UTF-8 nor in Windows-1252"):
        bring(here, path)
    with pytest.raises(Invalid, match="not written in utf-8"):
        bring(here, path, encoding="utf-8")
    with pytest.raises(Invalid, match="no encoding called klingon"):
        bring(here, path, encoding="klingon")
    assert not people(here)
    assert bring(here, path, encoding="windows-1250").counts == {"made": 1}
    assert [one.name for one in people(here)] == ["Łukasz Wrocławski"]
    broken = tmp_path / "broken.csv"
    broken.write_bytes("name,e-mail\nZoë,z@example.org\n".encode() + b"Zo\xeb,y@example.org\n")
    with pytest.raises(Invalid, match="neither"):
        tables.opened(broken)
    broken.write_bytes(b"PK\x03\x04\0\0\xff\xfe\0\0")
    with pytest.raises(Invalid, match="neither"):
        tables.opened(broken)
    broken.write_bytes(b"")
    with pytest.raises(Invalid, match="is empty"):
        tables.opened(broken)
    broken.write_bytes(b"name,shoe size\nA,38\n")
    with pytest.raises(Invalid, match="no column for email, side, region"):
        bring(here, broken)


def test_a_cell_without_end_is_an_error_of_its_row(here: Settings, tmp_path: Path) -> None:
    huge = ("X" * 10_000_000, "x@example.org", "citizen", "Gent", "", "")
    path = write(tmp_path / "p.csv", [HEADER, huge, ANNA])
    report = bring(here, path)
    assert report.counts["made"] == 1
    assert report.counts["wrong"] >= 1
    assert [one.email for one in people(here)] == ["anna@example.org"]


def test_formulas_are_data_and_harmless_when_told_back(here: Settings, tmp_path: Path) -> None:
    rows = [
        HEADER,
        ("=HYPERLINK(0)", "a@example.org", "citizen", "Gent", "@SUM(A1)", ""),
        ("B", "=1+1@", "citizen", "+Gent", "", ""),
    ]
    path = write(tmp_path / "p.csv", rows)
    out = tmp_path / "errors.csv"
    command = ["import", "members", str(path), "--report", str(out)]
    result = CliRunner().invoke(app, command, env={"HUB_DATA_DIR": str(here.data_dir)})
    assert result.exit_code == 1
    assert [one.name for one in people(here)] == ["=HYPERLINK(0)"]
    with out.open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))
    assert told[1][:3] == ["2", "town", "'+Gent"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in told for cell in row)
    assert [harmless(cell) for cell in ("=1", "-1", "plain", "a=b")] == [
        "'=1", "'-1", "plain", "a=b",
    ]  # fmt: skip


def test_organisations_come_in_once_and_are_corrected(settings: Settings, tmp_path: Path) -> None:
    header = ("organisation", "side", "region", "country", "topics", "web site", "ROR")
    lamp = ("Ministry of Light", "ministry", "Helsinki", "", "lamps; oil", "lamp.example.org", "")
    rows = [header, lamp, ("Ministry of Light", "ministry", "", "Greece"),
            ("Dark", "sme", "Gent", "", "", "not a site", "0123")]  # fmt: skip
    path = write(tmp_path / "o.csv", rows)
    assert bring(settings, path, "organisations", dry_run=True).counts["made"] == 2
    report = bring(settings, path, "organisations")
    assert report.counts == {"made": 2, "wrong": 1}
    assert {one.column for one in report.first} == {"web site", "ROR"}
    assert bring(settings, path, "organisations").counts == {"same": 2, "wrong": 1}
    corrected = write(path, [header, (*lamp[:2], "Tampere", *lamp[3:])])
    assert bring(settings, corrected, "organisations").counts == {"changed": 1}
    assert bring(settings, corrected, "organisations").counts == {"same": 1}
    database = open_database("membership", settings)
    with database.reader() as session:
        found = session.scalars(select(Organisation).order_by(Organisation.name)).all()
    database.close()
    assert [(one.name, one.country, one.region_code) for one in found] == [
        ("Ministry of Light", "FI", "FI19"),
        ("Ministry of Light (Greece)", "GR", None),
    ]


def like_cases(path: Path) -> Path:
    """A file of the same shape, for where the real one does not lie beside the project."""
    header = (
        "case_id", "case_name", "description", "organisation", "category", "helix", "country",
        "extent", "sector", "technology", "start", "status", "url",
    )  # fmt: skip
    rows = (
        (str(n), f"Case {n}", "Said in a line.", f"Ministry of Lamps {n % 520}", "Central",
         "government", "Belgium", "National", "Health", "Lamps", "2020", "In use", "")
        for n in range(640)
    )  # fmt: skip
    return write(path, [header, *rows])


def test_public_service_cases_are_hundreds_of_organisations(here: Settings, tmp_path: Path) -> None:
    cases = CASES if CASES.exists() else like_cases(tmp_path / "cases.csv")
    first = bring(here, cases, "organisations")
    assert first.counts["made"] > 450
    assert first.counts["made"] + first.counts["again"] + first.counts["wrong"] >= 600
    assert first.counts["wrong"] == 0
    second = bring(here, cases, "organisations")
    assert second.counts == {"same": first.counts["made"], "again": first.counts["again"]}


def many(path: Path, count: int) -> Path:
    rows = (
        (f"Person {n}", f"p{n}@example.org", "citizen", "BE23", "", "data; lamps")
        for n in range(count)
    )
    return write(path, [HEADER, *rows])


def test_fifty_thousand_people_take_bounded_time_and_memory(here: Settings, tmp_path: Path) -> None:
    path = many(tmp_path / "many.csv", 50_000)
    began = time.monotonic()
    assert bring(here, path).counts == {"made": 50_000}
    assert time.monotonic() - began < 60
    tracemalloc.start()
    assert bring(here, path).counts == {"same": 50_000}
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60_000_000
    assert len(people(here)) == 50_000


def test_two_imports_at_once_bring_everybody_once(settings: Settings, tmp_path: Path) -> None:
    path = many(tmp_path / "many.csv", 3_000)
    bring(settings, write(tmp_path / "one.csv", [HEADER, ANNA]))

    async def both() -> tuple[Report, Report]:
        reports = Report("members"), Report("members")

        async def one(report: Report) -> None:
            async with offline_clients(settings) as clients:
                await Import(clients, "members", report).run(path, silent)

        await asyncio.gather(*(one(report) for report in reports))
        return reports

    reports = asyncio.run(both())
    assert sum(report.counts["made"] for report in reports) == 3_000
    assert sum(report.counts["same"] for report in reports) == 3_000
    assert len(people(settings)) == 3_001


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_import_that_was_killed_goes_on_where_it_was(here: Settings, tmp_path: Path) -> None:
    path = many(tmp_path / "many.csv", 20_000)
    bring(here, write(tmp_path / "one.csv", [HEADER, ANNA]))
    database = open_database("membership", here)

    def count() -> int:
        with database.reader() as session:
            return session.scalar(select(func.count()).select_from(Contact)) or 0

    command = [sys.executable, "-m", "hub.cli", "import", "members", str(path)]
    env = {**os.environ, "HUB_DATA_DIR": str(here.data_dir)}
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    wait_for(lambda: count() > 3_000)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = count() - 1
    assert 0 < left < 20_000
    assert left % 2_000 == 0
    assert bring(here, path).counts == {"same": left, "made": 20_000 - left}
    assert count() == 20_001
    database.close()
