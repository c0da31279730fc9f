"""How long a profile holds without a look at it, and the timers that ask and hide."""

from datetime import datetime, timedelta

from sqlmodel import Session

from services.kit.timers import drop_timer, set_timer
from services.membership.contacts.models import Contact

HOLDS = timedelta(days=365)
"""A year after its owner last said so, they are asked whether the profile still holds."""
SILENCE = timedelta(days=30)
"""After so long without an answer it is hidden, until they say that it does."""
DOUBT = "contacts.doubt"
HIDE = "contacts.hide"


def checked(session: Session, contact: Contact, moment: datetime) -> None:
    """The owner says that the profile holds: it is asked about again in a year."""
    contact.checked_at = moment
    drop_timer(session, kind=HIDE, key=contact.id)
    set_timer(session, kind=DOUBT, key=contact.id, due_at=moment + HOLDS)


def forget(session: Session, contact_id: str) -> None:
    """Nobody is asked about a person who is gone."""
    for kind in (DOUBT, HIDE):
        drop_timer(session, kind=kind, key=contact_id)
