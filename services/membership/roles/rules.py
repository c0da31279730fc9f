"""Pure decisions about roles: who may give which to whom."""

from collections.abc import Collection

from services.kit.errors import Forbidden, Invalid
from services.membership.directory.rules import places_of

GRANTED = ("organiser", "coordinator", "moderator", "admin")
"""Roles that are given; every account has the member's by itself."""


def check_granter(
    *, roles: Collection[str], regions: Collection[str], role: str, place: str | None
) -> None:
    """Raise Forbidden unless whoever has these roles may give or take this one.

    Coordinators make organisers of people whose place lies in a region that they look after.
    """
    if {"admin", "hub"} & set(roles):
        return
    if "coordinator" not in roles or role != "organiser":
        raise Forbidden("Only administrators give and withdraw this role.")
    if not set(places_of(place)) & set(regions):
        raise Forbidden("Coordinators make organisers in their own region only.")


def check_region(role: str, region_code: str | None) -> None:
    """Raise Invalid unless a coordinator has a region, and nobody else."""
    if role == "coordinator" and region_code is None:
        raise Invalid("Please say which region they coordinate.", field="region_code")
    if role != "coordinator" and region_code is not None:
        raise Invalid("Only coordinators have a region.", field="region_code")
