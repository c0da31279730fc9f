"""Use cases of posts: load, decide, save, tell."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from events import outbox
from events.catalogue.knowledge import PostKind, PostPublished, PostState
from events.envelope import new_id
from services.kit.audience import visible_to
from services.kit.errors import Forbidden, NotFound
from services.kit.forgetting import FORMER
from services.kit.identity import Identity
from services.kit.slugs import slug_of
from services.knowledge.posts import rules
from services.knowledge.posts.models import Post, PostTopic
from services.knowledge.posts.schemas import PostBrief, PostCreate, PostRead, PostUpdate

_MAY_BE_EMPTY = {"link", "deadline"}
NEWEST = (col(Post.published_at).desc(), col(Post.id).desc())


def publish(
    session: Session, *, order: PostCreate, body_html: str, author: Identity, moment: datetime
) -> Post:
    """Save a new post and tell of it; `body_html` is the rendered body. Raises Invalid."""
    if not author.contact_id:
        raise Forbidden("Only a person can write a post.")
    rules.check_content(body=order.body, link=order.link)
    id = new_id()
    topics = rules.distinct(order.topics)
    post = Post(
        **order.model_dump(exclude={"topics", "imported"}),
        id=id,
        version=1,
        slug=slug_of(order.title, id, otherwise="post"),
        status="published",
        body_html=body_html,
        search_text=rules.search_text(title=order.title, summary=order.summary, topics=topics),
        topics=topics,
        author_id=author.contact_id,
        published_at=moment,
    )
    session.add(post)
    session.flush()
    _index_topics(session, post)
    outbox.add(
        session,
        state_of(post),
        PostPublished(post_id=id, author_id=author.contact_id, imported=order.imported),
    )
    return post


def revise(
    session: Session, *, id: str, change: PostUpdate, body_html: str | None, caller: Identity
) -> Post:
    """Apply a change by the author or a moderator; a change that changes nothing is not told."""
    post = session.get(Post, id, with_for_update=True)
    if post is None or (post.audience not in caller.grants and not caller.has("moderator")):
        raise NotFound("This post does not exist, or it is not for you.")
    if post.author_id != caller.contact_id and not caller.has("moderator"):
        raise Forbidden("Only the author can change this post.")
    wanted = {
        name: value
        for name, value in change.model_dump(exclude_unset=True).items()
        if value is not None or name in _MAY_BE_EMPTY
    }
    if "topics" in wanted:
        wanted["topics"] = rules.distinct(wanted["topics"])
    changed = {name for name, value in wanted.items() if getattr(post, name) != value}
    if not changed:
        return post
    for name in changed:
        setattr(post, name, wanted[name])
    rules.check_content(body=post.body, link=post.link)
    if body_html is not None:
        post.body_html = body_html
    post.search_text = rules.search_text(title=post.title, summary=post.summary, topics=post.topics)
    post.version += 1
    session.add(post)
    session.flush()
    if "topics" in changed:
        _index_topics(session, post)
    outbox.add(session, state_of(post))
    return post


def find(session: Session, *, reference: str, viewer: Identity) -> Post:
    """By id or slug, if the viewer may see it; raises NotFound."""
    post = session.exec(
        select(Post).where(
            (col(Post.id) == reference) | (col(Post.slug) == reference),
            visible_to(col(Post.audience), viewer.grants),
        )
    ).first()
    if post is None:
        raise NotFound("This post does not exist, or it is not for you.")
    return post


def listed(
    session: Session,
    *,
    viewer: Identity,
    kind: str | None = None,
    topic: str | None = None,
    query: str = "",
    titles: Sequence[str] | None = None,
    links: Sequence[str] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[Post]:
    """Posts the viewer may see that have every word of the query, newest first."""
    wanted = select(Post).where(*_wanted(viewer, kind, topic, query))
    if titles is not None:
        wanted = wanted.where(col(Post.title).in_(titles))
    if links is not None:
        wanted = wanted.where(col(Post.link).in_(links))
    return session.exec(wanted.order_by(*NEWEST).limit(limit).offset(offset)).all()


def briefs(
    session: Session,
    *,
    viewer: Identity,
    kind: str | None = None,
    topic: str | None = None,
    query: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[PostBrief]:
    """The same without their text, which is most of a post."""
    columns = [Post.__table__.c[name] for name in PostBrief.model_fields]  # type: ignore[attr-defined]
    wanted = sa_select(*columns).where(*_wanted(viewer, kind, topic, query))
    rows = session.connection().execute(wanted.order_by(*NEWEST).limit(limit).offset(offset))
    return [PostBrief.model_validate(row) for row in rows]


def _wanted(
    viewer: Identity, kind: str | None, topic: str | None, query: str
) -> list[ColumnElement[bool]]:
    conditions = [visible_to(col(Post.audience), viewer.grants)]
    if kind:
        conditions.append(col(Post.kind) == kind)
    if topic:
        with_topic = select(PostTopic.post_id).where(PostTopic.topic == topic)
        conditions.append(col(Post.id).in_(with_topic))
    conditions += [
        col(Post.search_text).like(pattern, escape="\\") for pattern in rules.patterns(query)
    ]
    return conditions


def written_by(session: Session, contact_id: str) -> Sequence[Post]:
    """Everything one person wrote, oldest first."""
    return session.exec(_by(contact_id)).all()


def forget(session: Session, contact_id: str) -> None:
    """What a person wrote is by a former member from now on."""
    for post in session.exec(_by(contact_id).with_for_update()).all():
        post.author_id = FORMER
        post.version += 1
        session.add(post)
        outbox.add(session, state_of(post))
    session.flush()


def _by(contact_id: str) -> SelectOfScalar[Post]:
    return select(Post).where(Post.author_id == contact_id).order_by(Post.id)


def counted(session: Session, *, viewer: Identity) -> dict[str, int]:
    """How many posts of each kind the viewer may see."""
    rows = session.exec(
        select(Post.kind, func.count())
        .where(visible_to(col(Post.audience), viewer.grants))
        .group_by(col(Post.kind))
    ).all()
    counts = dict(rows)
    return {kind: counts.get(kind, 0) for kind in get_args(PostKind)}


def read(post: Post) -> PostRead:
    """The post as its viewers see it."""
    return PostRead.model_validate(post)


def state_of(post: Post) -> PostState:
    """The snapshot other services know."""
    return PostState.model_validate(post, from_attributes=True)


def _index_topics(session: Session, post: Post) -> None:
    session.exec(delete(PostTopic).where(col(PostTopic.post_id) == post.id))
    session.add_all(PostTopic(topic=topic, post_id=post.id) for topic in post.topics)
    session.flush()
