"""What an organisation knows by itself and by its people."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, select

from events.envelope import new_id
from services.membership.contacts.models import Contact
from services.membership.expertise.models import Claim, OrganisationTerm
from tests.membership.calling import Membership, member
from tests.membership.claims import LISTED, declare, joined, later, organisation, seen


def test_organisation_knows_what_its_listed_people_know(membership_on_each: Membership) -> None:
    hub = membership_on_each
    house = hub.call(
        "POST",
        "/organisations",
        {"name": "House", "helix_side": "research", "expertise": ["omics"]},
    ).json()["id"]
    anna = seen(hub, "Anna", organisation_id=house, expertise_offered=["gdpr", "omics"])
    ben = seen(hub, "Ben", organisation_id=house, expertise_offered=["gdpr"])
    joined(hub, "Shy", organisation_id=house, expertise_offered=["fhir"], consents=["terms"])
    assert organisation(hub, house).term_ids == ("hub:omics", "hub:gdpr")
    assert organisation(hub, house).expertise == ("omics", "gdpr")
    version = organisation(hub, house).version

    declare(hub, anna, {"term": "omics"})  # Ben still knows it.
    assert organisation(hub, house).version == version
    hub.call("PATCH", "/members/me", {"consents": ["terms"]}, caller=member(ben))  # hides
    assert organisation(hub, house).term_ids == ("hub:omics",)
    hub.call("PATCH", "/members/me", {"consents": LISTED}, caller=member(ben))
    assert organisation(hub, house).term_ids == ("hub:omics", "hub:gdpr")
    hub.call("PATCH", "/members/me", {"organisation_id": None}, caller=member(ben))  # leaves
    assert organisation(hub, house).term_ids == ("hub:omics",)
    with hub.database.reader() as session:
        rows = session.exec(select(OrganisationTerm)).all()
        assert [(row.term_id, row.own, row.practising) for row in rows] == [("hub:omics", 1, 1)]


def test_organisation_does_not_give_away_who_wants_to_be_seen_by_members_alone(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    house = hub.call("POST", "/organisations", {"name": "House", "helix_side": "research"}).json()
    about = {"organisation_id": house["id"], "expertise_offered": ["gdpr"]}
    people = [joined(hub, name, **about) for name in ("Anna", "Ben")]
    later(hub)

    def told() -> tuple[object, ...]:
        page = hub.call("GET", f"/organisations/{house['id']}").json()
        found = hub.call("GET", "/directory/organisations?q=gdpr").json()["total"]
        term = hub.call("GET", "/terms/hub:gdpr").json()["organisations"]
        return organisation(hub, house["id"]).term_ids, page["expertise"], found, len(term)

    assert told() == ((), [], 0, 0)
    # Three who know it are nobody in particular.
    people.append(joined(hub, "Cem", **about))
    later(hub)
    assert told() == (("hub:gdpr",), ["gdpr"], 1, 1)
    hub.call("PATCH", "/members/me", {"organisation_id": None}, caller=member(people.pop()))
    later(hub)
    assert told() == ((), [], 0, 0)
    # And one whom everybody may find anyway gives nothing away.
    hub.call("PATCH", "/members/me", {"visibility": "public"}, caller=member(people[0]))
    later(hub)
    assert told() == (("hub:gdpr",), ["gdpr"], 1, 1)


def test_level_of_a_person_counts_for_the_organisation(membership: Membership) -> None:
    anna = joined(membership, "Anna", organisation_name="Lab", expertise_offered=["gdpr"])
    declare(membership, anna, {"term": "gdpr", "level": "leading"})

    with membership.database.reader() as session:
        (row,) = session.exec(select(OrganisationTerm))
    assert (row.own, row.learning, row.practising, row.leading) == (0, 0, 0, 1)


def test_many_people_of_one_organisation_cost_as_much_as_few(membership: Membership) -> None:
    """A person's change reads what is theirs: it takes as many statements beside 5,000 others."""
    anna = joined(membership, "Anna", organisation_name="Lab", expertise_offered=["gdpr", "fhir"])
    lab = membership.contact_state(anna).organisation_id
    later(membership)

    def statements() -> int:
        seen: list[str] = []

        def note(*given: Any) -> None:
            seen.append(given[2])

        event.listen(membership.database.engine, "before_cursor_execute", note)
        for terms in (["gdpr", "omics"], ["gdpr", "fhir"]):
            body = {"expertise_offered": terms}
            answer = membership.call("PATCH", "/members/me", body, caller=member(anna))
            assert answer.status_code == 200
            later(membership)
        event.remove(membership.database.engine, "before_cursor_execute", note)
        return len(seen)

    few = statements()
    with membership.database.unit_of_work() as session:
        _crowd(session, lab or "", 5_000)
    started = datetime.now(UTC)
    many = statements()

    assert many <= few
    assert datetime.now(UTC) - started < timedelta(seconds=5)


def _crowd(session: Session, house: str, size: int) -> None:
    moment = datetime.now(UTC)
    people = [
        Contact(
            id=new_id(), version=1, audience="members", status="member", name=f"No {number}",
            email=f"no{number}@example.org", organisation_id=house, language="en",
            time_zone="UTC", words="", created_at=moment,
        )
        for number in range(size)
    ]  # fmt: skip
    session.add_all(people)
    session.add_all(
        Claim(
            holder_id=person.id, kind="offered", term_id="hub:gdpr", holder="contact", place=0,
            level="practising", claimed_at=moment, listed=True, counts_for=house,
            counts_as="practising",
        )
        for person in people
    )  # fmt: skip
    session.get_one(OrganisationTerm, (house, "hub:gdpr")).practising += size
