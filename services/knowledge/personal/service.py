"""Use cases about one person: what knowledge keeps of them, and forgetting it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from services.knowledge.posts import service as posts


def held(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """What the person wrote."""
    return {
        "posts": [
            post.model_dump(mode="json", exclude={"body_html", "search_text", "author_id"})
            for post in posts.written_by(session, contact_id)
        ]
    }


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """What the person wrote stays, by a former member."""
    posts.forget(session, contact_id)
