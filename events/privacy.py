"""What errors say, without the values that they quote: those may be somebody's."""

import re

# PostgreSQL quotes the row, or the key; what is quoted can hold anything, also line breaks.
_QUOTED = re.compile(
    r"(DETAIL:\s).*?(?=\n\[SQL: |\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL
)


def without_values(said: str) -> str:
    """The text of an error without the values of rows that a database quotes in it."""
    return _QUOTED.sub(r"\1(hidden)", said)
