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
