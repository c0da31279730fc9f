"""The home page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.views.cards import EventCard, PostCard, ProjectCard
from hub.views.shell import View


@dataclass(frozen=True)
class Step:
    """One step of the way, with how many projects are at it and the newest of them."""

    title: str
    path: str
    count: int
    items: Sequence[ProjectCard]
    empty: str


@dataclass(frozen=True)
class Numbers:
    """How large the community is: members by side, and the rest."""

    sides: Mapping[str, int]
    members: int
    regions: int
    organisations: int
    coming: int
    past: int
    posts: int


@dataclass(frozen=True)
class HomePage(View):
    """What happens next, new knowledge, demonstration projects; None when a part is away."""

    template = "pages/home.html"
    kept = True

    events: Sequence[EventCard] | None
    posts: Sequence[PostCard] | None
    steps: Sequence[Step] | None
    numbers: Numbers | None
