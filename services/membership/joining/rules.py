"""Pure decisions about joining."""

from services.membership.accounts.schemas import LinkKind


def link_for(status: str) -> LinkKind:
    """The link owed to someone who filled in the join form: members have nothing to confirm."""
    return "sign-in" if status == "member" else "confirm"
