"""Pages of posts."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice
from hub.forms import Form
from hub.views.cards import PostCard
from hub.views.shell import Filter, Pager, View


@dataclass(frozen=True)
class PostsPage(View):
    """Posts, newest first."""

    template = "pages/posts/list.html"
    kept = True

    posts: Sequence[PostCard]
    filters: Sequence[Filter]
    pager: Pager
    kind: str
    topic: str
    query: str
    may_write: bool


@dataclass(frozen=True)
class PostPage(View):
    """One post."""

    template = "pages/posts/show.html"
    kept = True

    card: PostCard
    body_html: str
    author: str
    link: str
    members_only: bool


@dataclass(frozen=True)
class PostFormPage(View):
    """The form that publishes a post."""

    template = "pages/posts/new.html"

    form: Form
    kinds: Sequence[Choice]
    languages: Sequence[Choice]
    audiences: Sequence[Choice]
