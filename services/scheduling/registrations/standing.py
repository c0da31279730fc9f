"""Who somebody is when it is decided whether a gathering is meant for them."""

from sqlalchemy import Connection

from services.scheduling.admission.rules import Standing
from services.scheduling.invitations.service import is_invited
from services.scheduling.projection import side_and_region
from services.scheduling.registrations.rows import Found


def standing(
    connection: Connection, *, gathering_id: str, contact_id: str, proved: bool
) -> Standing:
    """What membership and the organiser said of a person; `proved` is who they say to be."""
    side, region = side_and_region(connection, contact_id)
    return Standing(proved, side, region, is_invited(connection, gathering_id, contact_id))


def standing_of(connection: Connection, row: Found) -> Standing:
    """The same of somebody who is registered."""
    return standing(
        connection, gathering_id=row.gathering_id, contact_id=row.contact_id, proved=row.proved
    )
