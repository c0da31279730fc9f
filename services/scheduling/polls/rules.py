"""Pure decisions about polls: what can be asked, and which date is best."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.kit.errors import Conflict, Invalid

LONGEST = timedelta(days=366)
"""How long a poll can be open."""


@dataclass(frozen=True)
class Vote:
    """What one person says to the dates, by slot, and the part they play, if any."""

    choices: Mapping[str, str]
    role: str = ""


@dataclass(frozen=True)
class Tally:
    """How one date stands: how many say what, and the parts that nobody could play."""

    slot_id: str
    yes: int
    maybe: int
    no: int
    missing: tuple[str, ...]

    @property
    def could_come(self) -> int:
        """How many would be there."""
        return self.yes + self.maybe


def tally(slot_ids: Sequence[str], votes: Sequence[Vote], roles: Sequence[str]) -> list[Tally]:
    """How each date stands, in the order given; who did not speak of a date cannot come."""
    standing = []
    for slot_id in slot_ids:
        said = [(vote.choices.get(slot_id, "no"), vote.role) for vote in votes]
        counts = Counter(choice for choice, _role in said)
        present = {role for choice, role in said if choice != "no"}
        standing.append(
            Tally(
                slot_id=slot_id,
                yes=counts["yes"],
                maybe=counts["maybe"],
                no=counts["no"],
                missing=tuple(role for role in roles if role not in present),
            )
        )
    return standing


def suggested(standing: Sequence[Tally], coming: Collection[str]) -> str | None:
    """The date on which most could come and every part is played; None when there is none.

    Of equals the one with more who say yes, then the earlier in the order given. Only dates
    that are still to come count.
    """
    fit = [one for one in standing if one.slot_id in coming and not one.missing and one.could_come]
    if not fit:
        return None
    return max(fit, key=lambda one: (one.could_come, one.yes)).slot_id


def check_times(starts: Sequence[datetime], closes_at: datetime, moment: datetime) -> None:
    """Raise Invalid unless all dates are to come and differ, and the poll ends before the last."""
    if any(start <= moment for start in starts):
        raise Invalid("Every date must lie in the future.", field="slots")
    if len(set(starts)) < len(starts):
        raise Invalid("Two of these dates are the same.", field="slots")
    if closes_at <= moment:
        raise Invalid("The last moment to answer must lie in the future.", field="closes_local")
    if closes_at >= max(starts):
        raise Invalid("People must answer before the last of the dates.", field="closes_local")
    if closes_at - moment > LONGEST:
        raise Invalid("A poll can be open for a year at most.", field="closes_local")


def check_open(*, status: str, closes_at: datetime, moment: datetime) -> None:
    """Raise Conflict when votes are no longer taken."""
    if status != "open" or moment >= closes_at:
        raise Conflict("This poll is closed.")


def check_votes(votes: Mapping[str, str], slot_ids: Collection[str]) -> None:
    """Raise Invalid when something is said to a date that is not asked about."""
    if not set(votes) <= set(slot_ids):
        raise Invalid("This date is not part of the poll.", field="votes")


def check_role(role: str, roles: Collection[str]) -> None:
    """Raise Invalid when nobody was asked to play this part."""
    if role and role not in roles:
        raise Invalid("This part is not one that the poll asks for.", field="role")
