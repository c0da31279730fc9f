"""The tables of posts."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.knowledge.base import Base


class Post(Base, table=True):
    """One post as its author wrote it, and as its page shows it."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_newest", "published_at", "id"),)

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=16, index=True)
    status: str = Field(max_length=16)
    title: str = Field(max_length=200)
    summary: str = Field(max_length=200)
    body: str = Field(sa_column=Column(Text, nullable=False))
    # Rendered when the body is written, so that a page only copies it.
    body_html: str = Field(sa_column=Column(Text, nullable=False))
    # What `q` looks through: databases disagree on the case of letters outside ASCII.
    search_text: str = Field(sa_column=Column(Text, nullable=False))
    topics: list[str] = Field(sa_column=Column(JSON, nullable=False))
    author_id: str = Field(max_length=36, index=True)
    language: str = Field(max_length=8)
    link: str | None = Field(default=None, max_length=500)
    deadline: date | None = None
    published_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    made_up: bool = False


class PostTopic(Base, table=True):
    """Posts by topic, for the filter; the post itself keeps its topics in order."""

    __tablename__ = "post_topics"

    topic: str = Field(primary_key=True, max_length=80)
    post_id: str = Field(primary_key=True, foreign_key="posts.id", max_length=36, index=True)
