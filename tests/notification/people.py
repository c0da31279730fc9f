"""Those who get mail in tests."""

from events.catalogue.membership import MemberRegistered
from events.envelope import new_id
from tests.notification.world import person

ANNA = person("Anna Citizen")
BERT = person("Bert Company")
OLGA = person("Olga Organiser", time_zone="Europe/Lisbon")
GIA = person("Gia Guest", status="guest")


def joined(contact_id: str) -> MemberRegistered:
    return MemberRegistered(
        contact_id=contact_id, link_id=new_id(), helix_side="citizen", region_code="BE10"
    )
