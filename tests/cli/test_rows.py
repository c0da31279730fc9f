"""Untidy text is made fit for the hub's fields, and what was done is noted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from hub.cli import rows
from services.kit.fields import Line, Prose
from services.kit.markdown import render


@pytest.mark.parametrize(
    "text",
    ["the town’s “lamp” – bright", "Área de saúde", "10⁻³ km² for €5", "Niinistö, Łódź, Århus"],
)
def test_mended_undoes_utf8_read_as_windows_1252(text: str) -> None:
    broken = "".join(_as_windows_1252(byte) for byte in text.encode())
    notes: rows.Notes = []
    assert rows.mended(broken, notes) == text
    assert notes == ["mended: characters broken on the way"]


@pytest.mark.parametrize(
    "text",
    ["CAFÉ” and “SÃO PAULO”", "château, naïve, âge", "“Ä” and “Å”", "Île-de-France", "50 °C ± 2"],
)
def test_mended_leaves_what_is_meant(text: str) -> None:
    notes: rows.Notes = []
    assert (rows.mended(text, notes), notes) == (text, [])


def test_mended_leaves_out_what_cannot_be_shown() -> None:
    assert rows.mended("a\x9db\u200bc\u00a0d\u2028e", []) == "abc d\ne"


@given(st.text(max_size=400))
def test_line_always_fits_the_field(text: str) -> None:
    made = rows.line(text, [], field="title")
    if made:
        assert TypeAdapter(Line).validate_python(made) == made


@given(st.text(max_size=400))
def test_prose_always_fits_the_field(text: str) -> None:
    made = rows.prose(text, [], field="text", most=100)
    assert len(made) <= 100
    assert TypeAdapter(Prose).validate_python(made) == made


def test_shortened_ends_with_a_whole_word_and_says_so() -> None:
    notes: rows.Notes = []
    assert rows.shortened("one two, three four", notes, "title", 12) == "one two…"
    assert notes == ["shortened: title from 19 to 12 characters"]


@pytest.mark.parametrize(
    ("text", "link", "note"),
    [
        ("https://example.org/a", "https://example.org/a", None),
        ("\u00a0https://example.org/a ", "https://example.org/a", None),
        ("www.example.org/a", "https://www.example.org/a", None),
        (
            "https://example.org/a;\nhttps://example.org/b",
            "https://example.org/a",
            "link: the first of several",
        ),
        ("https://example.org/a b/c", None, "link left out: not a web address"),
        ("see our site", None, "link left out: not a web address"),
        ("javascript:alert(1)", None, "link left out: not a web address"),
        ("\u00a0", None, None),
    ],
)
def test_link_is_the_first_address_or_none(text: str, link: str | None, note: str | None) -> None:
    notes: rows.Notes = []
    assert rows.link(text, notes) == link
    assert notes == ([note] if note else [])


def test_day_takes_iso_dates_only() -> None:
    notes: rows.Notes = []
    assert rows.day("2026-09-23 17:00", notes, field="deadline") == date(2026, 9, 23)
    assert rows.day(None, notes, field="deadline") is None
    assert notes == []
    assert rows.day("autumn 2026", notes, field="deadline") is None
    assert notes == ["deadline left out: 'autumn 2026' is not a date"]


def test_year_is_found_in_text() -> None:
    notes: rows.Notes = []
    assert [rows.year(text, notes) for text in ("2020", "2020.0", "since 2019", "")] == [
        2020,
        2020,
        2019,
        None,
    ]
    assert notes == []
    assert rows.year("soon", notes) is None
    assert notes == ["year left out: 'soon'"]


def test_country_knows_both_codes_of_greece_and_names() -> None:
    assert [rows.country(text, []) for text in ("EL", "GR", "gr", "Greece", "UK", "MD")] == [
        "GR",
        "GR",
        "GR",
        "GR",
        "GB",
        "MD",
    ]
    notes: rows.Notes = []
    assert [rows.country(text, notes) for text in ("", "Atlantis")] == [None, None]
    assert notes == ["no country given", "country left out: 'Atlantis'"]
    assert (rows.region_of("GR"), rows.region_of("BE"), rows.region_of(None)) == ("EL", "BE", None)


def test_without_addresses_drops_what_leads_to_people() -> None:
    notes: rows.Notes = []
    text = "Hospital of Lampton, contact a.lamp@example.org"
    assert rows.without_addresses(text, notes, field="name") == "Hospital of Lampton"
    assert notes == ["an e-mail address left out of the name"]


@given(st.text(alphabet="ab *_[]()<>#`-+1.\n&;~|\\!", max_size=80))
def test_quoted_shows_plain_text_as_it_is(text: str) -> None:
    html = render(rows.quoted(rows.prose(text, [], field="text")))
    assert not {"<em>", "<strong>", "<code>", "<a ", "<ul>", "<ol>", "<h2>", "<hr"} & {
        tag for tag in ("<em>", "<strong>", "<code>", "<a ", "<ul>", "<ol>", "<h2>", "<hr")
        if tag in html
    }  # fmt: skip


def test_with_headings_parts_what_ran_together() -> None:
    text = "Expected Outcome:Lamps shine.People see.Scope: See https://example.org/x.• one;• two"
    assert rows.with_headings(text) == (
        "# Expected Outcome\n\nLamps shine.\n\nPeople see.\n\n"
        "# Scope\n\nSee <https://example.org/x>.\n\n- one;\n- two"
    )


def _as_windows_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
