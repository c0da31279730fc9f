"""Pure decisions about materials."""

from services.kit.errors import Conflict, Invalid
from services.scheduling.materials.schemas import MaterialCreate

MOST = 100
"""Materials of one gathering."""


def check_whole(order: MaterialCreate) -> None:
    """Raise Invalid unless it is a file or a link that nobody on the way can change."""
    if order.url and order.file_id:
        raise Invalid("Please give a file or an address, not both.", field="url")
    if not order.url and not order.file_id:
        raise Invalid("Please choose a file or give an address.", field="url")
    if order.url and not order.url.startswith("https://"):
        raise Invalid("The address must begin with https://.", field="url")


def check_room(present: int) -> None:
    """Raise Conflict when no more can be added."""
    if present >= MOST:
        raise Conflict("No more materials can be added here.")
