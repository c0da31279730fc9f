"""HTTP to the contacts' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query

from services.kit.app import Db
from services.kit.identity import Caller, HubItself, Member
from services.kit.routes import Router
from services.membership.contacts import service
from services.membership.contacts.schemas import (
    ContactRead,
    ContactRef,
    ContactsAsked,
    GuestCreate,
    MemberCounts,
    MemberProfile,
    MemberUpdate,
)

router = Router(tags=["contacts"])

MOST_IDS = 200
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Ids = Annotated[str, Query(pattern=rf"^{_ID}(,{_ID}){{0,{MOST_IDS - 1}}}$")]


@router.post("/guests", status_code=201)
def create_guest(db: Db, hub: HubItself, order: GuestCreate) -> ContactRef:
    """The contact with this address, made when there is none."""
    with db.unit_of_work() as session:
        return ContactRef(
            contact_id=service.greet(session, order=order, moment=datetime.now(UTC)).id
        )


@router.get("/contacts")
def list_contacts(db: Db, viewer: Caller, ids: Ids) -> list[ContactRead]:
    """Names for ids (separated by commas) of people the viewer may see."""
    with db.reader() as session:
        return service.named(session, ids=ids.split(","), viewer=viewer)


@router.post("/contacts/lookup")
def look_up_contacts(db: Db, hub: HubItself, asked: ContactsAsked) -> list[ContactRead]:
    """Those of these addresses that are known; in a body, for addresses belong in no log."""
    with db.reader() as session:
        return service.addressed(session, emails=asked.emails)


@router.get("/members/counts")
def count_members(db: Db) -> MemberCounts:
    """How many members there are on each side, from how many regions, in organisations."""
    with db.reader() as session:
        return service.counted(session)


@router.get("/members/me")
def read_own_profile(db: Db, member: Member) -> MemberProfile:
    """What the hub knows of the caller."""
    with db.reader() as session:
        return service.profile(session, member.contact_id or "")


@router.patch("/members/me")
def update_own_profile(db: Db, member: Member, wanted: MemberUpdate) -> MemberProfile:
    """Change one's own profile and consents."""
    with db.unit_of_work() as session:
        return service.change(
            session, id=member.contact_id or "", wanted=wanted, moment=datetime.now(UTC)
        )
