"""Words of people that no moderator has looked at: they go with whoever gave them up."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from events.catalogue.membership import TermState
from events.tables import OUTBOX
from services.membership.expertise.models import Term
from tests.membership.calling import Membership, member
from tests.membership.claims import declare, joined, suggestion, terms_told
from tests.membership.test_erasure import later, places_of

WORDS = "living with zzkrankheit"


def last_said_of_a_term(hub: Membership) -> tuple[int, bool]:
    """Its version, and whether it says that the term is gone."""
    said = select(OUTBOX.c.version, OUTBOX.c.payload).where(OUTBOX.c.type == TermState.TYPE)
    with hub.database.reader() as session:
        newest = session.connection().execute(said.order_by(OUTBOX.c.version.desc())).first()
    assert newest
    return newest.version, newest.payload is None


def test_words_that_were_given_up_before_an_erasure_are_nowhere(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    anna = joined(hub, "Anna", expertise_sought=[WORDS])
    declare(hub, anna, {"term": WORDS})

    declare(hub, anna, sought=[])

    assert terms_told(hub) == {}
    assert last_said_of_a_term(hub) == (2, True)
    later(hub, timedelta(days=2))
    hub.told()
    assert last_said_of_a_term(hub) == (3, True)
    assert hub.call("POST", "/erasures", {"contact_id": anna}).status_code == 201
    hub.told()
    assert places_of(hub, "zzkrankheit") == set()


def test_words_stay_with_whoever_else_has_them(membership_on_each: Membership) -> None:
    hub = membership_on_each
    anna = joined(hub, "Anna", expertise_offered=[WORDS])
    ben = joined(hub, "Ben", expertise_sought=[WORDS])

    change: dict[str, list[str]] = {"expertise_offered": []}
    hub.call("PATCH", "/members/me", change, caller=member(anna))

    assert list(terms_told(hub)) == [suggestion(hub)]
    assert hub.contact_state(ben).expertise_sought == (WORDS,)


@pytest.mark.parametrize("kind", ["expertise_offered", "expertise_sought"])
def test_words_that_went_at_the_same_instant_break_nothing(
    membership: Membership, kind: str
) -> None:
    anna = joined(membership, "Anna", **{kind: [WORDS, "gdpr"]})
    with membership.database.unit_of_work() as session:
        session.connection().execute(delete(Term).where(col(Term.scheme) == "free"))

    other = {"expertise_offered", "expertise_sought"} - {kind}
    answer = membership.call(
        "PATCH", "/members/me", {other.pop(): ["genomics"]}, caller=member(anna)
    )

    assert (answer.status_code, answer.json()[kind]) == (200, ["gdpr"])
