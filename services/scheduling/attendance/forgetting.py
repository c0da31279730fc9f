"""What goes and what stays of attendance when a registration is forgotten."""

from sqlalchemy import Connection, bindparam, delete, update

from services.scheduling.attendance.models import Attendance, Ticket

_A = Attendance.__table__  # type: ignore[attr-defined]
_T = Ticket.__table__  # type: ignore[attr-defined]
_DROP_TICKETS = delete(_T).where(_T.c.registration_id == bindparam("row"))
_MAKE_ANONYMOUS = (
    update(_A).where(_A.c.registration_id == bindparam("row")).values(registration_id=_A.c.id)
)


def forget(connection: Connection, registration_id: str) -> None:
    """Keep of a registration that goes only that somebody came."""
    connection.execute(_DROP_TICKETS, {"row": registration_id})
    connection.execute(_MAKE_ANONYMOUS, {"row": registration_id})
