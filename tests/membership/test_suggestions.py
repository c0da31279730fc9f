"""Words that no vocabulary has, and what moderators do with them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from events.catalogue.membership import Expertise, TermMapped, TermState
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from tests.membership.calling import NOBODY, Membership, member
from tests.membership.claims import joined, later, organisation, seen, suggestion, terms_told


def test_words_that_nobody_knows_are_their_authors_alone(membership_on_each: Membership) -> None:
    hub = membership_on_each
    anna = joined(hub, "Anna", expertise_offered=["Quux Gazing"], organisation_name="Lab")
    ben = joined(hub, "Ben", expertise_sought=["quux-gazing"])
    id = suggestion(hub)

    assert terms_told(hub)[id] == TermState(
        id=id, version=1, audience="moderators", scheme="free", status="suggested",
        labels={"en": "quux gazing"},
    )  # fmt: skip
    assert hub.contact_state(anna).expertise_offered == ("quux gazing",)
    assert hub.contact_state(ben).sought_term_ids == (id,)
    assert hub.call("GET", "/terms/matching?q=quux").json() == []
    assert hub.call("GET", f"/terms/{id}").status_code == 404
    assert hub.call("GET", "/terms").json()["others"] == []
    later(hub)
    assert hub.organisation_states()[-1].term_ids == ()


def test_moderator_maps_a_suggestion_and_every_claim_moves(membership_on_each: Membership) -> None:
    hub = membership_on_each
    anna = seen(hub, "Anna", expertise_offered=["tele doctoring"], organisation_name="Lab")
    ben = joined(hub, "Ben", expertise_sought=["tele doctoring", "fhir"])
    both = joined(hub, "Cleo", expertise_offered=["Telemedicine", "tele doctoring"])
    house = hub.call(
        "POST",
        "/organisations",
        {"name": "House", "helix_side": "research", "expertise": ["tele doctoring"]},
    ).json()["id"]
    hub.call("PUT", f"/members/{anna}/expertise/{suggestion(hub)}/endorsement", caller=member(both))
    id = suggestion(hub)
    moderator = member(new_id(), "moderator")

    (listed,) = hub.call("GET", "/terms/suggested", caller=moderator).json()
    assert (listed["offered"], listed["sought"]) == (3, 1)
    path = f"/terms/{id}/map"
    assert hub.call("POST", path, {"into": "Telemedicina"}, caller=moderator).status_code == 204

    term = Expertise(term_id="hub:telemedicine", level="practising")
    assert hub.contact_state(anna).expertise == (term.model_copy(update={"endorsed": 1}),)
    assert hub.contact_state(ben).sought_term_ids == ("hub:telemedicine", "hub:fhir")
    assert hub.contact_state(both).expertise == (term,)
    assert organisation(hub, house).term_ids == ("hub:telemedicine",)
    lab = hub.contact_state(anna).organisation_id or ""
    assert organisation(hub, lab).expertise == ("telemedicine",)
    told = terms_told(hub)[id]
    assert (told.version, told.status, told.mapped_to) == (2, "mapped", "hub:telemedicine")
    assert [fact for fact in hub.facts() if isinstance(fact, TermMapped)] == [
        TermMapped(term_id=id, into_id="hub:telemedicine")
    ]
    assert (
        hub.call("POST", f"/terms/{id}/map", {"into": "fhir"}, caller=moderator).status_code == 409
    )
    # Whoever writes the words again, or knows the id, means the term.
    dora = joined(hub, "Dora", expertise_offered=["Tele Doctoring", id])
    assert hub.contact_state(dora).expertise == (term,)
    assert hub.call("GET", f"/terms/{id}").json()["count"]["term"]["id"] == "hub:telemedicine"


def test_accepted_suggestion_is_a_term_for_everybody(membership_on_each: Membership) -> None:
    hub = membership_on_each
    anna = seen(hub, "Anna", expertise_offered=["quux gazing"], organisation_name="Lab")
    id, moderator = suggestion(hub), member(new_id(), "moderator")

    assert hub.call("POST", f"/terms/{id}/accept", caller=moderator).status_code == 204

    told = terms_told(hub)[id]
    assert (told.version, told.audience, told.status) == (2, "public", "current")
    assert hub.call("GET", "/terms/matching?q=gazing").json() == [
        {"value": "quux gazing", "label": "quux gazing", "hint": ""}
    ]
    lab = hub.contact_state(anna).organisation_id or ""
    assert organisation(hub, lab).term_ids == (id,)
    (other,) = hub.call("GET", "/terms").json()["others"]
    assert (other["term"]["id"], other["people"], other["organisations"]) == (id, 1, 1)


def test_refused_suggestion_is_taken_from_everybody(membership_on_each: Membership) -> None:
    hub = membership_on_each
    anna = joined(hub, "Anna", expertise_offered=["buy pills", "fhir"])
    id, moderator = suggestion(hub), member(new_id(), "moderator")

    assert hub.call("POST", f"/terms/{id}/refuse", caller=moderator).status_code == 204

    assert hub.contact_state(anna).expertise_offered == ("fhir",)
    assert id not in terms_told(hub)
    assert hub.call("POST", f"/terms/{id}/refuse", caller=moderator).status_code == 404


@pytest.mark.parametrize(
    ("caller", "status"),
    [(ANYONE, 401), (member(new_id()), 403), (member(new_id(), "organiser"), 403)],
)
def test_suggestions_are_for_moderators(
    membership: Membership, caller: Identity, status: int
) -> None:
    id = f"free:{new_id()}"
    for method, path, body in (
        ("GET", "/terms/suggested", None),
        ("POST", f"/terms/{id}/map", {"into": "fhir"}),
        ("POST", f"/terms/{id}/accept", None),
        ("POST", f"/terms/{id}/refuse", None),
    ):
        assert membership.call(method, path, body, caller=caller).status_code == status


@pytest.mark.parametrize("into", ["nothing like this", "mesh:D999999", f"free:{NOBODY}"])
def test_suggestion_is_not_mapped_to_what_nobody_knows(membership: Membership, into: str) -> None:
    joined(membership, "Anna", expertise_offered=["quux gazing"])
    path, moderator = f"/terms/{suggestion(membership)}/map", member(new_id(), "moderator")

    answer = membership.call("POST", path, {"into": into}, caller=moderator)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "into")
    assert suggestion(membership)


def test_two_who_write_the_same_new_words_at_once_share_the_suggestion(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    people = [joined(hub, f"No {number}") for number in range(6)]
    words = ["alpha gazing", "beta gazing", "gdpr", "acute abdomen"]

    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda pair: (
                    hub.call(
                        "PATCH",
                        "/members/me",
                        {"expertise_offered": words if pair[0] % 2 else words[::-1]},
                        caller=member(pair[1]),
                    ).status_code
                ),
                enumerate(people),
            )
        )

    assert answers == [200] * 6
    terms = {frozenset(e.term_id for e in hub.contact_state(person).expertise) for person in people}
    assert len(terms) == 1
    assert len([state for state in hub.told() if isinstance(state, TermState)]) == 4
