"""All tables of knowledge, for its migrations."""

from services.knowledge.base import Base
from services.knowledge.posts.models import Post, PostTopic

__all__ = ["Base", "Post", "PostTopic"]
