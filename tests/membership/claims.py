"""People who say what they know, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from events.catalogue.membership import OrganisationState, TermState
from events.envelope import new_id
from services.kit.timers import TimerLoop
from tests.membership.calling import Membership, member

LISTED = ["terms", "directory"]


def joined(hub: Membership, name: str, **form: Any) -> str:
    """A member whom other members find."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return hub.join(name=name, email=email, **{"consents": LISTED, **form})


def seen(hub: Membership, name: str, **form: Any) -> str:
    """A member whom everybody finds."""
    id = joined(hub, name, **form)
    hub.call("PATCH", "/members/me", {"visibility": "public"}, caller=member(id))
    return id


def later(hub: Membership) -> None:
    """Whatever was to happen a moment later has happened."""
    TimerLoop(hub.database, hub.service.timers).step(datetime.now(UTC) + timedelta(seconds=5))


def terms_told(hub: Membership) -> dict[str, TermState]:
    return {state.id: state for state in hub.told() if isinstance(state, TermState)}


def organisation(hub: Membership, id: str) -> OrganisationState:
    later(hub)
    return [state for state in hub.organisation_states() if state.id == id][-1]


def suggestion(hub: Membership) -> str:
    """The id of the only suggestion there is."""
    moderator = member(new_id(), "moderator")
    (found,) = hub.call("GET", "/terms/suggested", caller=moderator).json()
    return str(found["term"]["id"])


def declare(hub: Membership, id: str, *offered: dict[str, Any], sought: Any = None) -> Any:
    wanted = {"offered": list(offered), "sought": sought}
    return hub.call("PUT", "/members/me/expertise", wanted, caller=member(id))
