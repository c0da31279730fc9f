"""HTTP to the service of roles and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Identity, needs
from services.kit.routes import Router
from services.membership.roles import service
from services.membership.roles.schemas import (
    RoleHandOver,
    RoleOrder,
    RolesHeld,
    RolesUpdate,
)

router = Router(prefix="/members/{contact_id}/roles", tags=["roles"])

Administrator = Annotated[Identity, Depends(needs("hub"))]
Granter = Annotated[Identity, Depends(needs("coordinator", "hub"))]


@router.put("")
def set_roles(db: Db, caller: Administrator, contact_id: Id, wanted: RolesUpdate) -> RolesHeld:
    """Give a member exactly these roles; for admins and the hub itself."""
    with db.unit_of_work() as session:
        return RolesHeld.model_validate(
            service.set_roles(
                session,
                contact_id=contact_id,
                roles=wanted.roles,
                by=caller,
                moment=datetime.now(UTC),
            )
        )


@router.post("/grant")
def grant_role(db: Db, caller: Granter, contact_id: Id, order: RoleOrder) -> RolesHeld:
    """Give a member a role; coordinators make organisers in their own region."""
    with db.unit_of_work() as session:
        return RolesHeld.model_validate(
            service.grant(
                session,
                contact_id=contact_id,
                **order.model_dump(),
                by=caller,
                moment=datetime.now(UTC),
            )
        )


@router.post("/withdraw")
def withdraw_role(db: Db, caller: Granter, contact_id: Id, order: RoleOrder) -> RolesHeld:
    """Take a role from a member."""
    with db.unit_of_work() as session:
        return RolesHeld.model_validate(
            service.withdraw(
                session,
                contact_id=contact_id,
                **order.model_dump(),
                by=caller,
                moment=datetime.now(UTC),
            )
        )


@router.post("/hand-over")
def hand_over_role(db: Db, caller: Granter, contact_id: Id, order: RoleHandOver) -> RolesHeld:
    """Pass a member's role on to another."""
    with db.unit_of_work() as session:
        return RolesHeld.model_validate(
            service.hand_over(
                session,
                from_id=contact_id,
                **order.model_dump(),
                by=caller,
                moment=datetime.now(UTC),
            )
        )
