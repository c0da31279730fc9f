"""HTTP to the posts' service and back.

Markdown is rendered before the write begins: a long body takes a tenth of a second, and
nobody else should wait for it.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query

from events.catalogue.knowledge import PostKind
from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, Id, Line, Link, OptionalLine, Term
from services.kit.identity import Caller, Member
from services.kit.markdown import render
from services.kit.routes import Router
from services.knowledge.posts import service
from services.knowledge.posts.schemas import PostCreate, PostListing, PostRead, PostUpdate

router = Router(prefix="/posts", tags=["posts"])

Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.post("", status_code=201)
def create_post(db: Db, author: Member, order: PostCreate) -> PostRead:
    """Publish a post."""
    body_html = render(order.body)
    with db.unit_of_work() as session:
        return service.read(
            service.publish(
                session,
                order=order,
                body_html=body_html,
                author=author,
                moment=datetime.now(UTC),
            )
        )


@router.get("")
def list_posts(
    db: Db,
    viewer: Caller,
    kind: PostKind | None = None,
    topic: Term | None = None,
    q: OptionalLine = "",
    titles: Annotated[list[Line] | None, Query(max_length=200)] = None,
    links: Annotated[list[Link] | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[PostRead]:
    """Posts the viewer may see, newest first; `q` looks through title, summary and topics.

    `titles` and `links` ask for posts with one of exactly these.
    """
    with db.reader() as session:
        found = service.listed(
            session,
            viewer=viewer,
            kind=kind,
            topic=topic,
            query=q,
            titles=titles,
            links=links,
            limit=limit,
            offset=offset,
        )
        return [service.read(post) for post in found]


@router.get("/listing")
def read_listing(
    db: Db,
    viewer: Caller,
    kind: PostKind | None = None,
    topic: Term | None = None,
    q: OptionalLine = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> PostListing:
    """Posts without their text, newest first, and how many there are of each kind."""
    with db.reader() as session:
        found = service.briefs(
            session, viewer=viewer, kind=kind, topic=topic, query=q, limit=limit, offset=offset
        )
        return PostListing(posts=found, counts=service.counted(session, viewer=viewer))


@router.get("/counts")
def count_posts(db: Db, viewer: Caller) -> dict[str, int]:
    """How many posts of each kind the viewer may see."""
    with db.reader() as session:
        return service.counted(session, viewer=viewer)


@router.get("/{reference}")
def read_post(db: Db, viewer: Caller, reference: Reference) -> PostRead:
    """One post by id or slug."""
    with db.reader() as session:
        return service.read(service.find(session, reference=reference, viewer=viewer))


@router.patch("/{id}")
def update_post(db: Db, caller: Member, id: Id, change: PostUpdate) -> PostRead:
    """Change a post; for its author or a moderator."""
    body_html = None if change.body is None else render(change.body)
    with db.unit_of_work() as session:
        return service.read(
            service.revise(session, id=id, change=change, body_html=body_html, caller=caller)
        )
