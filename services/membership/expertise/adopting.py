"""Taking up what people wrote before there were terms: a part at each firing of a timer."""

from datetime import datetime

from sqlmodel import Session, col, exists, select

from services.kit.timers import set_timer
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.expertise.claims import claim_all, claim_for_organisation
from services.membership.expertise.models import Claim
from services.membership.organisations import service as organisations
from services.membership.organisations.models import Organisation

ADOPT = "adopt-expertise"
"""Kind of timer, set by the migration that brought the terms; the key is the last id looked at."""
AT_ONCE = 200


def adopt(session: Session, after: str, moment: datetime) -> None:
    """Timer: let the next people and organisations claim what their words mean."""
    people = session.exec(
        select(Contact)
        .where(
            Contact.id > after,
            ~exists().where(col(Claim.holder_id) == col(Contact.id)),
        )
        .order_by(col(Contact.id))
        .limit(AT_ONCE)
        .with_for_update(nowait=True)
    ).all()
    for contact in people:
        offered = [(words, None) for words in contact.expertise_offered]
        sought = contact.expertise_sought
        if claim_all(session, contact, offered=offered, sought=sought, moment=moment):
            contacts.revise(session, contact)
    houses = session.exec(
        select(Organisation)
        .where(
            Organisation.id > after,
            ~exists().where(col(Claim.holder_id) == col(Organisation.id)),
        )
        .order_by(col(Organisation.id))
        .limit(AT_ONCE)
        .with_for_update(nowait=True, key_share=True)
    ).all()
    for house in houses:
        if house.expertise and claim_for_organisation(
            session, house, offered=house.expertise, moment=moment
        ):
            organisations.revise(session, house)
    # Each kind may have more behind its last one: go on after the first of the two.
    ends = [rows[-1].id for rows in (people, houses) if len(rows) == AT_ONCE]
    if ends:
        set_timer(session, kind=ADOPT, key=min(ends), due_at=moment)
