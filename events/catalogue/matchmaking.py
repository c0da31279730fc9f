"""What matchmaking publishes: demo-cases and who fits them."""

from typing import ClassVar, Literal

from events.envelope import Fact, State

Phase = Literal["learn", "connect", "demonstrate", "commercialise"]


class DemoCaseProposed(Fact):
    """A region brought a demo-case."""

    TYPE: ClassVar[str] = "hub.matchmaking.demo-case-proposed.v1"
    SUBJECT: ClassVar[str] = "demo_case_id"

    demo_case_id: str
    proposer_id: str
    imported: bool = False


class MatchesFound(Fact):
    """Members and organisations that fit a new demo-case, best first (at most ten each)."""

    TYPE: ClassVar[str] = "hub.matchmaking.matches-found.v1"
    SUBJECT: ClassVar[str] = "demo_case_id"

    demo_case_id: str
    proposer_id: str
    contact_ids: tuple[str, ...]
    organisation_ids: tuple[str, ...]
    imported: bool = False


class DemoCaseState(State):
    """A demo-case as people see it."""

    TYPE: ClassVar[str] = "hub.matchmaking.demo-case.v1"

    slug: str
    phase: Phase
    title: str
    challenge: str = ""
    solution: str = ""
    lead_organisation_id: str | None = None
    region_code: str | None = None
    proposer_id: str
    required_terms: tuple[str, ...] = ()
    link: str | None = None
    made_up: bool = False


class MemberForgotten(Fact):
    """An erased person is forgotten here; membership collects these into the receipt."""

    TYPE: ClassVar[str] = "hub.matchmaking.member-forgotten.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str
