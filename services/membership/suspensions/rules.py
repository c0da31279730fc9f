"""Pure decisions about suspensions."""

from collections.abc import Collection

from services.kit.errors import Conflict, Forbidden


def check_suspending(
    *, own_roles: Collection[str], roles: Collection[str], own: bool, status: str
) -> None:
    """Raise Forbidden or Conflict unless whoever has `own_roles` may suspend this person."""
    if own:
        raise Conflict("You cannot suspend yourself.")
    if not {"moderator", "admin"} & set(own_roles):
        raise Forbidden("Only moderators can suspend members.")
    if {"moderator", "admin"} & set(roles) and "admin" not in own_roles:
        raise Forbidden("Only administrators can suspend moderators and administrators.")
    if status != "member":
        raise Conflict("Only somebody with an open account can be suspended.")


def check_reinstating(*, own_roles: Collection[str], roles: Collection[str], status: str) -> None:
    """The same for opening an account again: whom only an administrator can suspend, only one can
    let back in.
    """
    if not {"moderator", "admin"} & set(own_roles):
        raise Forbidden("Only moderators can reinstate members.")
    if {"moderator", "admin"} & set(roles) and "admin" not in own_roles:
        raise Forbidden("Your account does not have the right to do this.")
    if status != "suspended":
        raise Conflict("This account is not suspended.")
