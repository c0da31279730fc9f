"""Those who decide who speaks for an organisation are told, and so is whoever asked."""

import pytest

from events.catalogue.membership import (
    OrganisationState,
    RepresentationAsked,
    RepresentationDecided,
)
from events.envelope import new_id
from tests.notification.world import World, person

LAB = OrganisationState(
    id=new_id(),
    version=1,
    audience="public",
    name="Ghent <b>Lab</b>",
    slug="ghent-lab-1",
    helix_side="research",
)


def test_deciders_hear_that_somebody_asks_and_keep_no_trace_of_whom(world: World) -> None:
    olga, mia = person("Olga Organiser"), person("Mia Member")
    world.say(
        LAB,
        olga,
        mia,
        RepresentationAsked(
            organisation_id=LAB.id,
            contact_id=mia.id,
            representation="owner",
            decider_ids=(olga.id,),
        ),
    )
    world.hear()
    world.send()

    (notice,) = world.notices(olga)
    assert (notice["title"], notice["path"]) == (
        "Somebody wants to speak for Ghent <b>Lab</b>",
        "/organisations/ghent-lab-1/people",
    )
    (mail,) = world.mails()
    assert mail["links"][0] == "https://hub.example/organisations/ghent-lab-1/people"
    assert world.notices(mia) == []
    assert all(mia.id not in str(message.data) for message in world.ledger())


@pytest.mark.parametrize(
    ("granted", "title"),
    [(True, "You are let in at Ghent <b>Lab</b>"), (False, "Ghent <b>Lab</b> said no")],
)
def test_whoever_asked_hears_the_answer(world: World, granted: bool, title: str) -> None:
    mia = person("Mia Member")
    decided = RepresentationDecided(
        organisation_id=LAB.id, contact_id=mia.id, representation="owner", granted=granted
    )
    world.say(mia, decided)
    world.hear()
    assert {status for _kind, _channel, status in world.statuses()} == {"waiting"}

    world.say(LAB)
    world.hear()
    world.send()

    (notice,) = world.notices(mia)
    assert (notice["title"], notice["path"]) == (title, "/organisations/ghent-lab-1")
    assert [mail["subject"] for mail in world.mails()] == [title]
