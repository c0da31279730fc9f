"""Errors are kept and logged without the values of rows."""

import pytest

from events.privacy import without_values


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("nothing special", "nothing special"),
        (
            'null in "a"\nDETAIL:  Failing row contains (1, Anna, a@b.eu).\n[SQL: X]',
            'null in "a"\nDETAIL: (hidden)\n[SQL: X]',
        ),
        (
            "duplicate key\nDETAIL:  Key (email)=(a@b.eu) already exists.",
            "duplicate key\nDETAIL: (hidden)",
        ),
        ("DETAIL:  Failing row contains (Anna\n\n(Peeters). Yes, null).", "DETAIL: (hidden)"),
    ],
)
def test_values_of_rows_are_hidden(said: str, kept: str) -> None:
    assert without_values(said) == kept
