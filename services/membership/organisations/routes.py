"""HTTP to the organisations' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query

from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, Id, OptionalLine
from services.kit.identity import Caller, Identity, Member, needs
from services.kit.language import spoken
from services.kit.routes import Router
from services.membership.expertise import claims
from services.membership.organisations import merging, service
from services.membership.organisations.schemas import (
    MergeOrder,
    OrganisationCreate,
    OrganisationFamily,
    OrganisationForm,
    OrganisationRead,
    OrganisationUpdate,
    PairOrder,
    Review,
)

router = Router(prefix="/organisations", tags=["organisations"])

Coordinator = Annotated[Identity, Depends(needs("coordinator", "hub"))]
Moderator = Annotated[Identity, Depends(needs("moderator", "hub"))]
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.post("", status_code=201)
def create_organisation(
    db: Db, coordinator: Coordinator, order: OrganisationCreate
) -> OrganisationRead:
    """Make an organisation known, or find the one that already has this name."""
    with db.unit_of_work() as session:
        return OrganisationRead.model_validate(
            service.find_or_create(session, order=order, moment=datetime.now(UTC))
        )


@router.get("")
def list_organisations(
    db: Db,
    viewer: Caller,
    q: OptionalLine = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[OrganisationRead]:
    """Organisations by name, filtered by words of their name and expertise."""
    with db.reader() as session:
        found = service.listed(session, viewer=viewer, query=q, limit=limit, offset=offset)
        return [OrganisationRead.model_validate(organisation) for organisation in found]


@router.get("/suggestions")
def suggest_organisations(
    db: Db, viewer: Caller, q: OptionalLine, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> list[OrganisationRead]:
    """Organisations whose names have these words anywhere, verified ones first."""
    with db.reader() as session:
        found = service.suggested(session, viewer=viewer, query=q, limit=limit)
        return [OrganisationRead.model_validate(organisation) for organisation in found]


@router.get("/review")
def review_organisations(
    db: Db,
    moderator: Moderator,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> Review:
    """What moderators look at: organisations that nobody verified, and pairs that may be one."""
    with db.reader() as session:
        return merging.review(session, limit=limit, offset=offset)


@router.post("/apart", status_code=204)
def keep_organisations_apart(db: Db, moderator: Moderator, pair: PairOrder) -> None:
    """Note that two organisations that look alike are two."""
    with db.unit_of_work() as session:
        merging.keep_apart(session, first_id=pair.first_id, second_id=pair.second_id)


@router.get("/{reference}")
def read_organisation(db: Db, viewer: Caller, reference: Reference) -> OrganisationFamily:
    """One organisation by id or slug; those of one that was merged lead to the one it is now."""
    with db.reader() as session:
        found = service.find(session, reference=reference, viewer=viewer)
        return OrganisationFamily.model_validate(
            {
                **OrganisationRead.model_validate(found).model_dump(),
                "former_ids": service.former_ids(session, found.id),
            }
        )


@router.get("/{id}/form")
def read_form(db: Db, editor: Member, id: Id) -> OrganisationForm:
    """What an organisation says of itself, for those who may change it."""
    with db.reader() as session:
        found = service.find(session, reference=id, viewer=editor)
        service.check_editor(session, found.id, editor)
        return OrganisationForm.model_validate(
            {
                **OrganisationRead.model_validate(found).model_dump(),
                "own_expertise": claims.own_words(session, found.id, spoken()),
            }
        )


@router.patch("/{id}")
def update_organisation(
    db: Db, editor: Member, id: Id, wanted: OrganisationUpdate
) -> OrganisationRead:
    """Change what an organisation says of itself; for those who speak for it."""
    with db.unit_of_work() as session:
        return OrganisationRead.model_validate(
            service.update(session, id=id, wanted=wanted, editor=editor, moment=datetime.now(UTC))
        )


@router.post("/{id}/verify")
def verify_organisation(db: Db, moderator: Moderator, id: Id) -> OrganisationRead:
    """Note that an organisation is what it says."""
    with db.unit_of_work() as session:
        return OrganisationRead.model_validate(
            service.verify(session, id=id, moderator=moderator, moment=datetime.now(UTC))
        )


@router.post("/{id}/doubt")
def doubt_organisation(db: Db, moderator: Moderator, id: Id) -> OrganisationRead:
    """Take a verification back."""
    with db.unit_of_work() as session:
        return OrganisationRead.model_validate(service.doubt(session, id=id))


@router.post("/{id}/merge")
def merge_organisation(db: Db, moderator: Moderator, id: Id, order: MergeOrder) -> OrganisationRead:
    """Make this organisation one with another, which stays."""
    with db.unit_of_work() as session:
        return OrganisationRead.model_validate(
            merging.merge(session, id=id, into_id=order.into_id, moment=datetime.now(UTC))
        )
