"""Pure decisions about contacts: who sees them, which roles and consents they hold."""

from collections.abc import Iterable, Sequence
from typing import get_args

from events.catalogue.membership import Consent, Role
from services.kit.audience import MEMBERS, PUBLIC, only
from services.kit.errors import Invalid

ROLES: tuple[Role, ...] = get_args(Role)
CONSENTS: tuple[Consent, ...] = get_args(Consent)


def audience_of(
    *, id: str, status: str, consents: Iterable[str], visibility: str = "members"
) -> str:
    """Who finds a member who agreed to the directory is their choice; others nobody finds."""
    if status != "member" or "directory" not in consents:
        return only(id)
    return {"public": PUBLIC, "members": MEMBERS}.get(visibility, only(id))


def member_roles(roles: Iterable[str]) -> list[str]:
    """Roles each once and in their order; whoever has an account is a member."""
    wanted = {"member", *roles}
    return [role for role in ROLES if role in wanted]


def member_consents(consents: Iterable[str]) -> list[str]:
    """Consents each once and in their order; raises Invalid without the terms."""
    wanted = set(consents)
    if "terms" not in wanted:
        raise Invalid(
            "Please accept the terms; without them there is no account.", field="consents"
        )
    return [consent for consent in CONSENTS if consent in wanted]


def check_interests(interests: Sequence[str], helix_side: str | None) -> None:
    """Raise Invalid when somebody who is here for an organisation chooses topics of citizens."""
    if interests and helix_side != "citizen":
        raise Invalid("These topics are for citizens; please say what you know.", field="interests")


def consent_changes(before: Iterable[str], after: Iterable[str]) -> list[tuple[Consent, bool]]:
    """What to record: each purpose newly given (True) or withdrawn (False)."""
    held, wanted = set(before), set(after)
    return [(consent, consent in wanted) for consent in CONSENTS if consent in held ^ wanted]
