"""What is planned from files of real input, before anything is made."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.cli import calls, cases, programme, sources
from services.kit.errors import Invalid
from tests.cli.world import call, case, session


@dataclass(frozen=True)
class Known:
    id: str
    name: str
    country: str | None


def test_organisations_are_one_for_spellings_and_two_for_countries() -> None:
    raws = [
        case(organisation="Lamp Office", country="EL", helix="government", sector="Health"),
        case(organisation="The Lamp Office (LPO)", country="GR", sector="Education"),
        case(organisation="Lamp Office", country="FI"),
        case(organisation="Lichtamt (Federal Lamp Agency)", country="DE"),
        case(organisation="Lichtamt", country="DE"),
        case(organisation="Lichtamt", country=""),
        case(organisation=" \n"),
    ]
    rows, planned = cases.organisations(raws, source="cases.csv", known=[], made_up=True)
    assert [one.order["name"] for one in planned] == [
        "Lamp Office",
        "Lamp Office (Finland)",
        "Lichtamt",
    ]
    assert [[row.number for row in one.rows] for one in planned] == [[1, 2], [3], [4, 5, 6]]
    assert planned[0].order["country"] == "GR"
    assert planned[0].order["region_code"] == "EL"
    assert planned[0].order["expertise"] == ["artificial intelligence", "health", "education"]
    assert (rows[6].outcome, rows[6].why) == ("left out", "no organisation named")


def test_organisations_the_hub_has_are_found() -> None:
    known = [
        Known("1", "Lamp Office", "GR"),
        Known("2", "Lamp Office (Finland)", "FI"),
        Known("3", "Lightworks", None),
    ]
    raws = [
        case(organisation="LAMP OFFICE", country="EL"),
        case(organisation="Lamp Office", country="FI"),
        case(organisation="Lightworks", country="BE"),
        case(organisation="Lamp Office", country="SE"),
    ]
    rows, planned = cases.organisations(raws, source="cases.csv", known=known, made_up=True)
    assert [one.id for one in planned] == ["1", "2", "3", None]
    assert planned[3].order["name"] == "Lamp Office (Sweden)"
    assert [row.outcome for row in rows] == ["joined", "joined", "joined", "left out"]


def test_organisations_take_a_missing_side_from_the_category() -> None:
    raws = [
        case(organisation="A", helix="", category="Private sector"),
        case(organisation="B", helix="?", category="Unheard of"),
    ]
    rows, planned = cases.organisations(raws, source="cases.csv", known=[], made_up=True)
    assert [one.order["helix_side"] for one in planned] == ["business"]
    assert rows[0].notes == ["helix side business taken from the category"]
    assert rows[1].why == "no helix side"


def test_demo_cases_are_made_once_for_each_title_and_lead() -> None:
    raws = [
        case(case_id="7"),
        case(case_name="A LAMP that\nasks"),
        case(case_name="A lamp that asks", organisation="Elsewhere"),
        case(case_name="", organisation="Elsewhere"),
        case(case_name="No terms", sector="", technology=" "),
        case(case_name="x" * 300),
    ]
    leads = {1: "a", 2: "a", 3: "b", 4: "b", 5: None, 6: None}
    rows, planned = cases.demo_cases(raws, source="cases.csv", leads=leads, made_up=True)
    assert [[row.number for row in one.rows] for one in planned] == [[1, 2], [3], [6]]
    assert planned[0].order == {
        "title": "A lamp that asks",
        "challenge": "Field: Health\nExtent: Local\nBegun: 2020\nStatus: Pilot",
        "solution": (
            "It asks before it shines.\n\nSource: Innovative Public Services Explorer, "
            "Joint Research Centre, European Commission (case 7)."
        ),
        "lead_organisation_id": "a",
        "region_code": "BE",
        "required_terms": ["artificial intelligence", "health"],
        "link": "https://example.org/lamp",
        "phase": "demonstrate",
        "made_up": True,
        "imported": True,
    }
    assert rows[3].why == "no title"
    assert rows[4].why == "neither technology nor sector, so no expertise to ask for"
    assert rows[5].notes == [
        "shortened: title from 300 to 200 characters",
        "no lead organisation",
    ]


def test_posts_are_made_once_for_each_link() -> None:
    found = [
        call(),
        call(title="Another title", url="https://EXAMPLE.org/calls/lamp-2026-01/"),
        call(url="https://example.org/calls/2", deadline="soon", budget_min=None, budget_max=None),
        None,
        call(title="\x00"),
    ]
    rows, planned = calls.posts(found, source="calls.jsonl", made_up=True)
    assert [[row.number for row in one.rows] for one in planned] == [[1, 2], [3]]
    assert planned[0].order == {
        "kind": "funding",
        "title": "Lamps for everybody",
        "summary": "Horizon Lampe. Lamp Grants. EUR 1,000,000 to EUR 2,000,000",
        "body": (
            "# Scope\n\nLamps that people like.\n\nThey must be \\*cheap\\*.\n\n"
            "- Call: LAMP-2026-01 LAMP-2026\n- Programme: Horizon Lampe\n"
            "- Type of action: Lamp Grants\n"
            "- Budget of a project: EUR 1,000,000 to EUR 2,000,000\n\n"
            "Source: EU Funding and Tenders portal, European Commission."
        ),
        "topics": ["funding", "horizon lampe"],
        "language": "en",
        "link": "https://example.org/calls/lamp-2026-01",
        "deadline": "2026-09-23",
        "made_up": True,
        "imported": True,
    }
    assert planned[1].order["deadline"] is None
    assert rows[2].notes == ["deadline left out: 'soon' is not a date"]
    assert [row.why for row in rows[3:]] == ["not a JSON object", "no title"]


def test_posts_keep_a_title_that_is_too_long_in_their_text() -> None:
    long = "Lamps " * 60
    _, [one] = calls.posts([call(title=long)], source="calls.jsonl", made_up=True)
    assert len(one.order["title"]) <= 200
    assert one.order["title"].endswith("…")
    assert one.order["body"].startswith(long.strip())


def test_programme_keeps_wall_clock_time_over_the_clock_change() -> None:
    items = [
        session(title="After", start="2025-10-26T10:00:00+01:00", end="2025-10-26T11:00:00+01:00"),
        session(title="Before", start="2025-10-25T08:00:00+00:00", end="2025-10-25T09:00:00+00:00"),
        session(title="`Naïve`", start="2025-10-26T12:00:00", end="2025-10-26T12:30:00", room=""),
    ]
    _, one = programme.gathering(
        items, source="p.json", title="Days", topics=["Lamps"], made_up=True
    )
    assert one is not None
    assert one.order == {
        "kind": "plenary",
        "mode": "onsite",
        "title": "Days",
        "summary": "3 sessions, Saturday 25 October 2025 to Sunday 26 October 2025.",
        "starts_local": "2025-10-25T10:00:00",
        "ends_local": "2025-10-26T12:30:00",
        "time_zone": "Europe/Paris",
        "capacity": 120,
        "location": "Blue",
        "topics": ["lamps"],
        "language": "fr",
        "made_up": True,
    }
    planned = [(each.order["title"], each.order["starts_local"]) for each in one.sessions]
    assert planned == [
        ("Before", "2025-10-25T10:00:00"),
        ("After", "2025-10-26T10:00:00"),
        ("`Naïve`", "2025-10-26T12:00:00"),
    ]
    assert [row.number for each in one.sessions for row in each.rows] == [2, 1, 3]


def test_programme_says_why_a_session_is_left_out() -> None:
    items = [
        session(),
        session(),
        session(title=""),
        session(start="tomorrow"),
        session(end="2025-10-25T08:00:00+02:00"),
        session(start="2025-12-25T09:00:00+01:00", end="2025-12-25T10:00:00+01:00"),
        "no session",
    ]
    found = [item if isinstance(item, dict) else None for item in items]
    rows, one = programme.gathering(found, source="p.json", title="Days", topics=[], made_up=True)
    assert one is not None
    for each in one.sessions:
        each.made("id")
    assert [(row.outcome, row.why) for row in rows] == [
        ("made", "id"),
        ("joined", "the same as row 1"),
        ("left out", "no title"),
        ("left out", "start or end cannot be read"),
        ("left out", "ends before it starts"),
        ("left out", "more than two weeks after the first session"),
        ("left out", "not a JSON object"),
    ]


def test_sources_are_read_in_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(
        "\ufeffcase_name,Organisation \nLämpchen,Büro\n".encode()
        + "Lämpchen,B\x00üro\n".encode("cp1252")
    )
    rows = sources.csv_rows(path, needs=("case_name", "organisation"))
    assert rows == [{"case_name": "Lämpchen", "organisation": "Büro"}] * 2


def test_sources_name_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("name\nx\n")
    with pytest.raises(Invalid, match="has no column case_name, organisation"):
        sources.csv_rows(path, needs=("case_name", "organisation"))
    path.write_text("{]")
    with pytest.raises(Invalid, match="is not JSON"):
        sources.json_list(path)
    with pytest.raises(Invalid, match="cannot be read"):
        sources.text_of(tmp_path / "none")
