"""Two spellings of one organisation are told from two organisations."""

import pytest

from hub.cli.names import bare_key, name_key, organisation_name, told_apart, written_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Lamp Office", "LAMP  office,"),
        ("Lamp Authority (LPA)", "Lamp Authority"),
        ("Municipality of Lampton", "Lampton municipality"),
        ("Ministry of the Interior", "Ministry of Interior"),
        ("Agência da Luz", "Agencia da Luz"),
        ("Lamp & Light", "Lamp and Light"),
        ("Ministry of Light (Finland)", "Ministry of Light"),
    ],
)
def test_name_key_is_one_for_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Municipality of Lampton", "City of Lampton"),
        ("Municipalities (Lampton)", "Municipalities (Lightham)"),
        ("Lamp Office", "Lamp Office North"),
    ],
)
def test_name_key_keeps_different_names_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_bare_key_ignores_all_brackets() -> None:
    assert bare_key("Lichtamt (Federal Lamp Agency)") == name_key("Lichtamt")


def test_organisation_name_drops_what_does_not_belong() -> None:
    notes: list[str] = []
    assert (
        organisation_name("Lamp  Office:\nWest | Lampton,", notes) == "Lamp Office: West, Lampton"
    )
    assert notes == []
    assert organisation_name("Lamp Office, contact a@example.org", notes) == "Lamp Office"
    assert notes == ["an e-mail address left out of the name"]


def test_told_apart_names_the_country_and_fits() -> None:
    assert told_apart("Ministry of Light", "FI") == "Ministry of Light (Finland)"
    assert told_apart("Ministry of Light", None) == "Ministry of Light (no country given)"
    assert len(told_apart("x" * 200, "FI")) <= 200
    assert written_alike("Lamp-Office") == written_alike("lamp  OFFICE.")
