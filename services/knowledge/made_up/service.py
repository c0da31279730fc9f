"""The use case of the demonstration: taking its posts away."""

from sqlalchemy import delete
from sqlmodel import Session, col, or_, select

from events import outbox
from events.catalogue.knowledge import PostState
from services.knowledge.made_up.schemas import MadeUp
from services.knowledge.posts.models import Post, PostTopic


def remove(session: Session, *, order: MadeUp) -> dict[str, int]:
    """Take away its posts and all that its people wrote; doing it twice changes nothing."""
    posts = session.exec(
        select(Post)
        .where(or_(col(Post.made_up), col(Post.author_id).in_(order.contact_ids)))
        .order_by(Post.id)
        .with_for_update()
    ).all()
    connection = session.connection()
    for post in posts:
        connection.execute(delete(PostTopic).where(col(PostTopic.post_id) == post.id))
        outbox.bury(session, PostState, id=post.id, version=post.version + 1)
        session.delete(post)
    return {"posts": len(posts)}
