"""What goes in and out of the posts' routes."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.knowledge import PostKind, PostStatus
from services.kit.fields import Id, Language, Line, Link, OptionalLine, Prose, Term

Readers = Literal["public", "members"]
Topics = Annotated[list[Term], Field(max_length=12)]
Deadline = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2099, 12, 31))]


class PostCreate(BaseModel):
    """A new post, published at once; `body` is Markdown."""

    model_config = ConfigDict(extra="forbid")

    kind: PostKind = "article"
    title: Line
    summary: OptionalLine = ""
    body: Prose = ""
    topics: Topics = []
    language: Language = "en"
    link: Link | None = None
    deadline: Deadline | None = None
    audience: Readers = "public"
    made_up: bool = False
    imported: bool = False
    """One of many brought in at once: it is found, but nobody is told of it."""


class PostUpdate(BaseModel):
    """What may change; fields left out stay, and null empties `link` and `deadline`."""

    model_config = ConfigDict(extra="forbid")

    title: Line | None = None
    summary: OptionalLine | None = None
    body: Prose | None = None
    topics: Topics | None = None
    language: Language | None = None
    link: Link | None = None
    deadline: Deadline | None = None
    audience: Readers | None = None


class PostBrief(BaseModel):
    """A post as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    version: int
    audience: str
    slug: str
    kind: PostKind
    status: PostStatus
    title: str
    summary: str
    topics: list[str]
    author_id: str
    language: str
    link: str | None
    deadline: date | None
    published_at: datetime
    made_up: bool


class PostRead(PostBrief):
    """A post as its viewer may see it; `body_html` is safe to put into a page."""

    body: str
    body_html: str


class PostListing(BaseModel):
    """A part of a list, and how many posts of each kind there are in all."""

    posts: list[PostBrief]
    counts: dict[str, int]
