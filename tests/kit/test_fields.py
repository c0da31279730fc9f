"""Input types keep bad text out at the door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.kit.fields import Email, Line, Prose, Term, Zone, zone, zone_names

LINE, PROSE = TypeAdapter(Line), TypeAdapter(Prose)
TERM: TypeAdapter[str] = TypeAdapter(Term)
ZONE: TypeAdapter[str] = TypeAdapter(Zone)
EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@given(st.text(max_size=300))
def test_a_line_is_one_line_that_every_database_can_keep(text: str) -> None:
    try:
        line = LINE.validate_python(text)
    except ValidationError:
        return
    assert line.encode()
    assert line == line.strip()
    assert not set(line) & set("\r\n\0\x0b\x0c\x1b\x7f\x85\u2028\u2029")


@given(st.text(max_size=300))
def test_prose_has_one_kind_of_line_break(text: str) -> None:
    try:
        prose = PROSE.validate_python(text)
    except ValidationError:
        return
    assert "\r" not in prose
    assert "\0" not in prose


def test_a_term_is_lower_case_with_single_spaces() -> None:
    assert TERM.validate_python("  Clinical   Trials ") == "clinical trials"


@pytest.mark.parametrize("name", ["GMT", "CET", "+02:00", "Romance Standard Time", "EST5EDT", ""])
def test_only_canonical_zones_are_taken(name: str) -> None:
    with pytest.raises(ValidationError):
        ZONE.validate_python(name)


def test_every_zone_has_its_rules_in_the_pinned_data() -> None:
    assert len(zone_names()) > 300
    for name in zone_names():
        assert str(zone(name)) == name


@pytest.mark.parametrize("bad", ["a@b@c.org", "x\r\nBcc: y@example.org", "nobody", "a@\u2028.org"])
def test_an_address_that_could_be_two_headers_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        EMAIL.validate_python(bad)


@pytest.mark.parametrize(
    "bad",
    [
        "\u202egro.elpmaxe",
        "a\u2066b",
        "\u200b",
        "\ufeff\u200d",
        "\u3164",
        "\u00ad \u2060",
        "\uffff",
    ],
)
def test_a_name_that_turns_others_about_or_cannot_be_seen_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError, match="cannot be shown"):
        LINE.validate_python(bad)
    with pytest.raises(ValidationError, match="cannot be shown"):
        TERM.validate_python(bad)


@pytest.mark.parametrize("good", ["👩‍🔬", "می‌خواهم", "שלום\u200f!", "e\u0301"])
def test_a_name_in_any_script_is_taken_as_it_is(good: str) -> None:
    assert LINE.validate_python(good) == good
