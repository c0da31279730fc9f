"""Things in one look, on any page that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.kit.times import When


@dataclass(frozen=True)
class EventCard:
    """A gathering in one look."""

    slug: str
    title: str
    summary: str
    kind: str
    mode: str
    place: str
    when: When
    repeats: str
    seats: str
    full: bool
    status: str
    topics: Sequence[str]
    language: str
    """Code of the language it is in, such as 'fr'."""
    made_up: bool
    own: str
    picture: str
    """Where its small picture is; empty without one."""


@dataclass(frozen=True)
class PostCard:
    """A post in one look."""

    slug: str
    title: str
    summary: str
    kind: str
    topics: Sequence[str]
    language: str
    """Code of the language it is written in."""
    published: str
    deadline: str
    closed: bool
    """Whether the deadline is over."""
    made_up: bool


@dataclass(frozen=True)
class ProjectCard:
    """A demonstration project in one look."""

    slug: str
    title: str
    challenge: str
    step: str
    region: str
    terms: Sequence[str]
    made_up: bool


@dataclass(frozen=True)
class PersonCard:
    """A member in one look."""

    name: str
    side: str
    side_label: str
    region: str
    organisation: str
    organisation_path: str
    offered: Sequence[str]
    sought: Sequence[str]
    path: str
    made_up: bool


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation in one look."""

    slug: str
    name: str
    side: str
    side_label: str
    region: str
    description: str
    expertise: Sequence[str]
    verified: bool
    """Whether a moderator found that it is what it says."""
    made_up: bool
