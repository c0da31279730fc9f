"""Which feed is meant."""

from typing import Literal, NamedTuple

Filter = Literal["all", "topic", "kind", "region", "language"]


class PublicFeed(NamedTuple):
    """Every public gathering, or those of one topic, kind, region or language."""

    by: Filter
    value: str = ""


class QueryFeed(NamedTuple):
    """Public gatherings of any of the topics, kinds, regions and languages given for each.

    Values are sorted, so that the same question is the same feed.
    """

    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class GatheringFeed(NamedTuple):
    """One public gathering."""

    slug: str


class PrivateFeed(NamedTuple):
    """What one person registered for and organises."""

    contact_id: str


Feed = PublicFeed | QueryFeed | GatheringFeed | PrivateFeed
