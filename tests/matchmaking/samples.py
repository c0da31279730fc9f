"""People and organisations to be matched."""

from typing import Any

from events.catalogue.membership import ContactState, OrganisationState
from events.envelope import new_id
from services.kit.audience import MEMBERS, PUBLIC


def a_contact(**known: Any) -> ContactState:
    """A member who agreed to everything, unless it is said otherwise."""
    fields = {
        "id": new_id(),
        "version": 1,
        "audience": MEMBERS,
        "status": "member",
        "name": "Ada",
        "email": "ada@example.org",
        "consents": ("terms", "directory", "matchmaking"),
    }
    return ContactState.model_validate(fields | known)


def an_organisation(**known: Any) -> OrganisationState:
    """A hospital, unless it is said otherwise."""
    id = new_id()
    fields = {
        "id": id,
        "version": 1,
        "audience": PUBLIC,
        "name": "Ghent Hospital",
        "slug": f"ghent-hospital-{id[-6:]}",
        "helix_side": "healthcare",
    }
    return OrganisationState.model_validate(fields | known)
