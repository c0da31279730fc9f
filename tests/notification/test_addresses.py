"""Mails to an address that nobody has proved to be theirs yet."""

from events.catalogue.membership import AddressChangeAsked
from events.envelope import new_id
from tests.notification.world import World, person


def test_a_new_address_gets_no_words_that_a_member_chose(world: World) -> None:
    """A member may type anybody's address, and any text as their own name."""
    eve = person("You have won, see eve.example")
    world.owners.kind, world.owners.to = "address", "stranger@example.org"
    world.say(eve, AddressChangeAsked(contact_id=eve.id, link_id=new_id()))
    world.hear()

    world.send()

    (mail,) = world.mails()
    assert mail["to"] == "stranger@example.org"
    assert "eve.example" not in f"{mail['subject']} {mail['text']} {mail['html']}"
    assert "/address?secret=" in mail["text"]
