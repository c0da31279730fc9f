"""Who may see what: one filter, applied inside the query.

An audience is `public`, `members`, `contact:ID`, `pilot:ID`; an identity carries the
audiences it belongs to (its grants), so the rule is one IN.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped

PUBLIC = "public"
MEMBERS = "members"


def only(contact_id: str) -> str:
    """The audience of one person."""
    return f"contact:{contact_id}"


def visible_to(
    column: Mapped[str] | ColumnElement[str], grants: Iterable[str]
) -> ColumnElement[bool]:
    """The condition that a row's audience is among the grants."""
    return column.in_(sorted(grants))


def may_see(audience: str, grants: Iterable[str]) -> bool:
    """The same rule for one thing already loaded."""
    return audience in set(grants)
