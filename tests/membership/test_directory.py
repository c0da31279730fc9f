"""Who is found by whom, and counted, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from services.membership.contacts import service as contacts
from services.membership.directory.index import Index
from services.membership.directory.models import Entry, Export
from services.membership.directory.rules import places_of, search_words
from services.membership.expertise.vocabulary import vocabulary
from tests.membership.calling import ANNA, Membership, member

SOMEBODY = Identity(new_id(), ("member",))
LISTED = ["terms", "directory"]
NOTHING: dict[str, list[Any]] = {
    "side": [], "partnership": [], "region": [], "term": [], "seeks": [],
}  # fmt: skip


def join(membership: Membership, name: str, **more: Any) -> str:
    """Somebody who can be found by members, unless `more` says otherwise."""
    email = f"{new_id()}@example.org"
    form = {"name": name, "email": email, "consents": LISTED, **more}
    visibility = form.pop("visibility", None)
    contact_id = membership.join(**form)
    if visibility:
        show(membership, contact_id, visibility)
    return contact_id


SECRETS = {"A": "asthma", "B": "epilepsy", "C": "psoriasis"}


def change(membership: Membership, contact_id: str, **values: Any) -> None:
    """Change somebody as the use cases do: values, then `revise`, then a commit."""
    with membership.database.unit_of_work() as session:
        contact = contacts.locked(session, contact_id)
        for name, value in values.items():
            setattr(contact, name, value)
        contacts.revise(session, contact)


def show(membership: Membership, contact_id: str, visibility: str) -> None:
    change(membership, contact_id, visibility=visibility)


def find(membership: Membership, caller: Identity = SOMEBODY, **asked: Any) -> dict[str, Any]:
    query = urlencode(asked, doseq=True)
    answer = membership.call("GET", f"/directory/people?{query}", caller=caller)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [person["name"] for person in found["people"]]


def counts(found: dict[str, Any], facet: str) -> dict[str, int]:
    return {count["value"]: count["count"] for count in found["facets"][facet]}


def test_people_show_what_they_chose_to_and_no_address(membership: Membership) -> None:
    anna = join(membership, "Anna Peeters", expertise_offered=["Genomics"])

    assert find(membership)["people"] == [
        {
            "id": anna,
            "name": "Anna Peeters",
            "helix_side": "citizen",
            "region_code": "BE23",
            "organisation": None,
            "expertise_offered": ["genomics"],
            "expertise_sought": [],
            "made_up": False,
        }
    ]


def test_visibility_decides_who_finds_at_once(membership_on_each: Membership) -> None:
    anna = join(membership_on_each, "Anna")
    seen = []
    for visibility in ("members", "public", "hidden", "public", "members"):
        show(membership_on_each, anna, visibility)
        seen.append((find(membership_on_each)["total"], find(membership_on_each, ANYONE)["total"]))

    assert seen == [(1, 0), (1, 1), (0, 0), (1, 1), (1, 0)]


def test_people_without_consent_are_nowhere(membership_on_each: Membership) -> None:
    anna = join(membership_on_each, "Anna", consents=["terms"], visibility="public")
    change(membership_on_each, anna, consents=LISTED)
    before = find(membership_on_each, ANYONE)["total"]
    change(membership_on_each, anna, consents=["terms"])

    found = find(membership_on_each, member(anna))

    assert (before, found["total"], found["facets"]) == (1, 0, NOTHING)


@pytest.mark.parametrize("viewer", [ANYONE, SOMEBODY])
def test_counts_are_of_those_whom_the_viewer_may_see(
    membership_on_each: Membership, viewer: Identity
) -> None:
    for name, visibility in (("A", "public"), ("B", "members"), ("C", "hidden")):
        join(
            membership_on_each,
            name,
            visibility=visibility,
            expertise_offered=["Genomics", SECRETS[name]],
            organisation_name=f"House of {name}",
        )

    found = find(membership_on_each, viewer)

    seen = 1 if viewer == ANYONE else 2
    assert (found["total"], counts(found, "side"), counts(found, "region")) == (
        seen,
        {"citizen": seen},
        {"BE": seen},
    )
    labels = {count["label"].lower() for count in found["facets"]["term"]}
    assert labels == {"genomics", *(SECRETS[name] for name in "AB"[:seen])}
    for hidden in (SECRETS["C"], "House of C"):
        assert names(find(membership_on_each, viewer, q=hidden)) == []
    assert names(find(membership_on_each, viewer, limit=1, offset=seen)) == []


def test_facets_combine_and_count_the_other_choices(membership_on_each: Membership) -> None:
    rows = [
        ("Anna", "citizen", "BE23"),
        ("Bert", "research", "BE23"),
        ("Cléo", "research", "BE10"),
        ("Dirk", "research", "NL32"),
    ]
    for name, side, region in rows:
        join(membership_on_each, name, helix_side=side, region_code=region)

    found = find(membership_on_each, side=["research"], region=["BE2", "NL"])

    assert names(found) == ["Bert", "Dirk"]
    assert counts(found, "side") == {"citizen": 1, "research": 2}
    assert counts(found, "region") == {
        "BE": 2, "BE1": 1, "BE10": 1, "BE2": 1, "BE23": 1, "NL": 1, "NL3": 1, "NL32": 1,
    }  # fmt: skip


def test_a_place_counts_in_every_region_that_contains_it(membership: Membership) -> None:
    join(membership, "Anna", region_code="BE23")

    found = [find(membership, region=[code])["total"] for code in ("BE", "BE2", "BE23", "BE1")]

    assert found == [1, 1, 1, 0]


def test_a_place_counts_in_every_region_of_the_partnership_that_contains_it(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    admin = Identity(new_id(), ("member", "admin"))
    made = {}
    for name, codes in (("Scheldt", ["BE23", "NL34"]), ("Flanders", ["BE2"]), ("Far", ["FI1"])):
        order = {"name": name, "nuts_codes": codes}
        made[name] = hub.call("POST", "/regions", order, caller=admin).json()
    slugs = {name: region["slug"] for name, region in made.items()}
    for name, side, place in (
        ("Anna", "citizen", "BE23"),
        ("Bert", "research", "BE24"),
        ("Cléo", "research", "NL34"),
        ("Dirk", "research", "BE2"),
        ("Eva", "research", "BE"),
        ("Fred", "research", "BE10"),
    ):
        join(hub, name, helix_side=side, region_code=place)
    join(hub, "Hidden", region_code="BE23", visibility="hidden")

    found = find(hub)
    assert found["facets"]["partnership"] == [
        {"value": slugs["Flanders"], "label": "Flanders", "count": 3},
        {"value": slugs["Scheldt"], "label": "Scheldt", "count": 2},
    ]
    assert names(find(hub, partnership=[slugs["Scheldt"]])) == ["Anna", "Cléo"]
    both = find(hub, partnership=list(slugs.values()), side=["research"])
    assert names(both) == ["Bert", "Cléo", "Dirk"]
    assert counts(both, "side") == {"citizen": 1, "research": 3}
    assert counts(both, "partnership") == {
        slugs["Far"]: 0, slugs["Flanders"]: 2, slugs["Scheldt"]: 1,
    }  # fmt: skip

    # What a region is made of and called counts at once, and so does that it is no more.
    wanted = {"name": "Schelde", "nuts_codes": ["BE24"]}
    hub.call("PATCH", f"/regions/{made['Scheldt']['id']}", wanted, caller=admin)
    hub.call("DELETE", f"/regions/{made['Flanders']['id']}", caller=admin)
    found = find(hub, partnership=[slugs["Scheldt"]])
    assert names(found) == ["Bert"]
    assert found["facets"]["partnership"] == [
        {"value": slugs["Scheldt"], "label": "Schelde", "count": 1}
    ]
    assert names(find(hub, partnership=[slugs["Flanders"]])) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Anna Peeters", "Cléo Dubois", "Zoë O'Brien-Łukasz"]),
        ("ANN", ["Anna Peeters"]),
        ("peeters anna", ["Anna Peeters"]),
        ("cleo", ["Cléo Dubois"]),
        ("CLÉO dub", ["Cléo Dubois"]),
        ("nna", []),
        ("obrien", []),
        ("o'brien", ["Zoë O'Brien-Łukasz"]),
        ("lukasz", ["Zoë O'Brien-Łukasz"]),
        ("genomik", ["Cléo Dubois"]),
        ("genomics", ["Cléo Dubois", "Zoë O'Brien-Łukasz"]),
        ("genomica", ["Cléo Dubois"]),
        ("ghent", ["Anna Peeters"]),
        ("anna ghent", ["Anna Peeters"]),
        ("dubois ghent", []),
        ("%", []),
        ("' OR 1=1", []),
        ("example.org", []),
        ("rare-disease", []),
    ],
)
def test_words_find_names_organisations_and_expertise(
    membership: Membership, query: str, expected: list[str]
) -> None:
    join(membership, "Anna Peeters", organisation_name="Ghent Hospital")
    join(membership, "Cléo Dubois", expertise_offered=["Genomics"])
    join(membership, "Zoë O'Brien-Łukasz", expertise_sought=["Genomics"])
    join(membership, "Hugo Hidden", visibility="hidden", organisation_name="Ghent Hospital")

    assert names(find(membership, q=query)) == expected


def test_a_term_finds_those_of_its_narrower_terms(membership: Membership) -> None:
    narrow = next(word for word in vocabulary().words.values() if word.broader)
    join(membership, "Anna", expertise_offered=[narrow.labels["en"]])

    broad = find(membership, term=[narrow.broader[0]])
    assert (names(broad), find(membership, term=["hub:no-such-term"])["total"]) == (["Anna"], 0)


def test_pages_are_by_name_and_end(membership_on_each: Membership) -> None:
    for name in ("Émile", "anna", "Bert", "Zoë", "cléo"):
        join(membership_on_each, name)

    pages = [names(find(membership_on_each, limit=2, offset=offset)) for offset in (0, 2, 4, 6)]

    assert pages == [["anna", "Bert"], ["cléo", "Émile"], ["Zoë"], []]


def test_person_is_read_by_whoever_may_find_them(membership: Membership) -> None:
    anna = join(membership, "Anna", expertise_offered=["Genomics"])

    def read(caller: Identity) -> int:
        return membership.call("GET", f"/directory/people/{anna}", caller=caller).status_code

    seen = []
    for visibility in ("members", "public", "hidden"):
        show(membership, anna, visibility)
        seen.append((read(ANYONE), read(SOMEBODY), read(member(anna))))

    assert seen == [(404, 200, 200), (200, 200, 200), (404, 404, 200)]
    shown = membership.call("GET", f"/directory/people/{anna}", caller=member(anna)).json()
    assert {"email", "interests", "consents"} & set(shown) == set()
    assert shown["roles"] == ["member"]
    show(membership, anna, "public")
    shown = membership.call("GET", f"/directory/people/{anna}", caller=ANYONE).json()
    assert shown["roles"] == []


def test_organisations_are_found_and_counted(membership_on_each: Membership) -> None:
    for name, side in (("Ghent Genomics", "business"), ("Aalst Hospital", "healthcare")):
        order = {"name": name, "helix_side": side, "region_code": "BE23"}
        membership_on_each.call("POST", "/organisations", order)

    def found(**asked: Any) -> tuple[list[str], dict[str, int]]:
        query = urlencode(asked, doseq=True)
        answer = membership_on_each.call("GET", f"/directory/organisations?{query}", caller=ANYONE)
        listed = [organisation["name"] for organisation in answer.json()["organisations"]]
        return listed, counts(answer.json(), "side")

    both = {"business": 1, "healthcare": 1}
    assert found() == (["Aalst Hospital", "Ghent Genomics"], both)
    assert found(side="business") == (["Ghent Genomics"], both)
    assert found(q="gen") == (["Ghent Genomics"], {"business": 1})


def test_an_export_is_for_admins_and_written_down(membership: Membership) -> None:
    boss = membership.call("POST", "/admins", {"name": "Boss", "email": "boss@example.org"}).json()[
        "contact_id"
    ]
    anna = join(membership, "Anna")
    stranger = member(new_id(), "admin")

    answers = [
        membership.call("POST", "/directory/exports", {"side": ["citizen"]}, caller=caller)
        for caller in (ANYONE, member(anna), member(anna, "moderator"), stranger)
    ]
    taken = membership.call(
        "POST", "/directory/exports", {"side": ["citizen"]}, caller=member(boss, "admin")
    )

    assert [answer.status_code for answer in answers] == [401, 403, 403, 403]
    assert (taken.status_code, taken.json()["entries"]) == (201, 1)
    with membership.database.reader() as session:
        rows = session.exec(select(Export)).all()
    assert [(row.contact_id, row.entries, row.asked) for row in rows] == [
        (boss, 1, '{"side":["citizen"]}')
    ]


@pytest.mark.parametrize(
    "query", ["side=alien", "region=XX99", "term=x", "limit=0", "offset=-1", "email=a", "q=%00"]
)
def test_what_nobody_can_ask_is_refused(membership: Membership, query: str) -> None:
    answer = membership.call("GET", f"/directory/people?{query}", caller=SOMEBODY)

    assert answer.status_code == 422


def test_the_number_of_somebody_who_left_is_given_again(membership_on_each: Membership) -> None:
    anna = join(membership_on_each, "Anna")
    find(membership_on_each)
    show(membership_on_each, anna, "hidden")
    join(membership_on_each, "Bert")

    assert names(find(membership_on_each)) == ["Bert"]
    with membership_on_each.database.reader() as session:
        entries = session.exec(select(Entry)).all()
    assert [(entry.number, entry.name) for entry in entries] == [(1, "bert")]


def test_an_index_that_starts_later_has_the_same(membership_on_each: Membership) -> None:
    for name in ("Anna", "Bert"):
        join(membership_on_each, name)
    before = find(membership_on_each)
    anna = before["people"][0]["id"]
    show(membership_on_each, anna, "hidden")

    changed = find(membership_on_each)
    membership_on_each.service.app.state.directory = Index()

    assert (names(changed), find(membership_on_each)) == (["Bert"], changed)


def break_while_showing(membership: Membership, contact_id: str) -> None:
    with membership.database.unit_of_work() as session:
        contact = contacts.locked(session, contact_id)
        contact.visibility = "public"
        contacts.revise(session, contact)
        raise RuntimeError("the disk is full")


def test_an_entry_that_is_rolled_back_is_found_by_nobody(membership: Membership) -> None:
    anna = join(membership, "Anna", visibility="hidden")

    with pytest.raises(RuntimeError):
        break_while_showing(membership, anna)

    assert find(membership)["total"] == 0


def test_changes_at_once_are_all_found(membership_on_each: Membership) -> None:
    people = [join(membership_on_each, f"Person {number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda person: show(membership_on_each, person, "public"), people))

    assert find(membership_on_each, ANYONE)["total"] == 8


@given(st.text(max_size=80))
def test_search_words_are_few_and_folded(query: str) -> None:
    words = search_words(query)

    assert words is None or (len(words) <= 10 and all(word == word.lower() for word in words))


def test_places_of_a_town_are_its_regions() -> None:
    assert [places_of(code) for code in ("BE234", "BE", "UKN10", "GR1", None)] == [
        ["BE", "BE2", "BE23", "BE234"],
        ["BE"],
        ["UK", "UKN", "UKN0", "UKN10"],
        ["GR", "GR1"],
        [],
    ]


def test_joining_leaves_no_entry_before_it_is_confirmed(membership: Membership) -> None:
    membership.call("POST", "/members", {**ANNA, "consents": LISTED})

    with membership.database.reader() as session:
        assert session.exec(select(Entry)).all() == []
