"""What knowledge publishes: posts."""

from datetime import date, datetime
from typing import ClassVar, Literal

from events.envelope import Fact, State

PostKind = Literal["article", "question", "news", "practice", "funding", "resource"]
PostStatus = Literal["draft", "published", "archived"]


class PostPublished(Fact):
    """A post can be read by its audience."""

    TYPE: ClassVar[str] = "hub.knowledge.post-published.v1"
    SUBJECT: ClassVar[str] = "post_id"

    post_id: str
    author_id: str
    imported: bool = False


class PostState(State):
    """A post as people read it; `body` is Markdown."""

    TYPE: ClassVar[str] = "hub.knowledge.post.v1"

    slug: str
    kind: PostKind
    status: PostStatus
    title: str
    summary: str = ""
    body: str = ""
    topics: tuple[str, ...] = ()
    author_id: str
    language: str = "en"
    link: str | None = None
    deadline: date | None = None
    published_at: datetime | None = None
    made_up: bool = False


class MemberForgotten(Fact):
    """An erased person is forgotten here; membership collects these into the receipt."""

    TYPE: ClassVar[str] = "hub.knowledge.member-forgotten.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str
