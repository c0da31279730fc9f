"""Pure decisions about joining."""

from services.membership.accounts.schemas import LinkKind


def can_accept(status: str) -> bool:
    """Whether an invitation still makes an account: not for whoever has one already."""
    return status in ("invited", "guest", "pending")


def link_for(status: str) -> LinkKind | None:
    """The link owed to someone who filled in the join form: members have nothing to confirm.

    None while a moderator has closed the account. Who is leaving is shown the way back.
    """
    if status == "suspended":
        return None
    if status == "leaving":
        return "stay"
    return "sign-in" if status == "member" else "confirm"
