"""Forms of events on the pages: new, changed, drafts, copies, postponed; people around one."""

import re

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of

FULL = {
    **SEMINAR,
    "way": "draft",
    "mode": "hybrid",
    "location": "Room 3",
    "capacity": "",
    "capacity_onsite": "5",
    "capacity_online": "20",
    "summary": "For all who read genomes.",
    "description": "<script>alert(1)</script> **Bring** a laptop",
    "region_code": "BE10",
    "language": "fr",
    "repeats": "fortnightly",
    "times": "3",
    "admits": "members",
    "needs_approval": "yes",
    "admits_sides": "research",
    "admits_regions": "BE10, DE",
    "opens_local": "2050-10-01T08:00",
    "closes_local": "2050-11-30T18:00",
    "offer_hours": "24",
    "doors_minutes": "30",
    "captions": "yes",
    "access": "Step-free",
    "costs": "Free, lunch included",
}


def filled(page: str) -> dict[str, str]:
    """What the fields of the form say that are no buttons, by name."""
    found = dict(re.findall(r'<input[^>]* name="(\w+)" type="[a-z-]+" value="([^"]*)"', page))
    found |= dict(
        re.findall(
            r'<input type="(?:radio|checkbox)"[^>]*? name="(\w+)" value="(\w+)" checked', page
        )
    )
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', page, re.S):
        if chosen := re.search(r'value="([^"]*)" selected', options):
            found[name] = chosen[1]
    return found


def test_a_draft_is_kept_whole_seen_by_nobody_else_and_published_when_ready(
    olga: Browser, anna: Browser
) -> None:
    path = str(olga.post("/events/new", **FULL).headers["location"])
    assert anna.get(path).status_code == 404
    form = olga.get(f"{path}/edit").text
    kept = set(FULL) - {"way", "description", "join_url", "capacity"}
    assert {name: filled(form).get(name) for name in kept} == {name: FULL[name] for name in kept}
    assert "meet.example.org" not in form
    same = {name: FULL[name] for name in FULL if name != "way"}
    answer = olga.post(f"{path}/edit", **{**same, "title": "Ready now", "way": "publish"})
    assert answer.headers["location"] == path
    page = anna.get(path).text
    assert "Ready now" in page
    assert "Step-free" in text_of(anna.get(path))
    assert "<script>alert" not in page
    assert "<strong>Bring</strong>" in page
    # How often it takes place is asked no more.
    assert 'name="repeats"' not in olga.get(f"{path}/edit").text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(olga: Browser) -> None:
    wrong = {
        **FULL,
        "title": "Kept though wrong",
        "capacity_onsite": "-3",
        "offer_hours": "soon",
        "admits_regions": "Atlantis",
        "closes_local": "2050-02-30T10:00",
        "repeats": "daily",
    }
    answer = olga.post("/events/new", **wrong)
    assert answer.status_code == 422
    said = set(re.findall(r'id="(\w+)-error"', answer.text))
    assert said == {"capacity_onsite", "offer_hours", "admits_regions", "closes_local", "repeats"}
    assert 'value="Kept though wrong"' in answer.text
    late = olga.post("/events/new", **{**FULL, "closes_local": "2050-09-01T08:00"})
    assert re.findall(r'id="(\w+)-error"', late.text) == ["closes_local"]
    forged = olga.post("/events/new", **FULL, organiser_id="someone")
    assert forged.status_code == 422


def test_who_is_registered_sees_what_changed_and_others_do_not(
    olga: Browser, anna: Browser, stranger: Browser, seminar: str
) -> None:
    anna.post(f"{seminar}/register")
    olga.post(f"{seminar}/edit", title="Another name", way="save")
    text = text_of(anna.get(seminar))
    assert "What changed" in text
    assert "Genomic data for everyday care Another name" in text
    assert "What changed" not in text_of(stranger.get(seminar))


def test_an_event_is_postponed_and_takes_place_again(
    olga: Browser, anna: Browser, seminar: str
) -> None:
    anna.post(f"{seminar}/register")
    assert olga.post(f"{seminar}/postpone").status_code == 403
    assert anna.post(f"{seminar}/postpone", sure="yes").status_code == 403
    assert olga.post(f"{seminar}/postpone", sure="yes").headers["location"] == seminar
    assert "This event is postponed." in text_of(anna.get(seminar))
    dates = {"starts_local": "2051-01-10T14:00", "ends_local": "2051-01-10T15:00"}
    olga.post(f"{seminar}/edit", **dates, way="save")
    text = text_of(anna.get(seminar))
    assert "It takes place again" in text
    assert "You have a seat" in text


def test_a_copy_is_a_draft_to_change(olga: Browser, anna: Browser, seminar: str) -> None:
    assert anna.post(f"{seminar}/duplicate").status_code == 403
    place = str(olga.post(f"{seminar}/duplicate").headers["location"])
    assert place.endswith("/edit")
    assert place.removesuffix("/edit") != seminar
    form = filled(olga.get(place).text)
    assert (form["title"], form["capacity"]) == (SEMINAR["title"], "1")


def test_who_helps_can_change_the_event_until_they_are_taken_off(
    hub: WholeHub, olga: Browser, anna: Browser, stranger: Browser, seminar: str
) -> None:
    assert anna.get(f"{seminar}/people").status_code == 403
    order = {"name": "Anna Citizen", "email": "anna@example.org", "role": "co-organiser"}
    assert olga.post(f"{seminar}/people", **{**order, "role": "owner"}).status_code == 422
    assert olga.post(f"{seminar}/people", **{**order, "email": "no"}).status_code == 422
    assert olga.post(f"{seminar}/people", **order).status_code == 303
    assert "Change this event" in text_of(anna.get(seminar))
    assert "Change this event" not in text_of(stranger.get(seminar))
    page = anna.get(f"{seminar}/people")
    assert "Anna Citizen Helps to run the event" in text_of(page)
    found = re.search(r'name="id" value="([^"]+)"', page.text)
    assert found
    olga.post(f"{seminar}/people/remove", id=found[1], role="co-organiser")
    assert anna.get(f"{seminar}/edit").status_code == 403


def test_an_organisation_that_hosts_is_named_on_the_page(
    hub: WholeHub, olga: Browser, stranger: Browser, seminar: str
) -> None:
    Browser(hub).join("Hanna Host", "hanna@hosts.example", organisation_name="House of hosts")
    page = olga.get(f"{seminar}/people").text
    found = re.search(r'<option value="([0-9a-f-]{36})">House of hosts</option>', page)
    assert found
    olga.post(f"{seminar}/people/organisation", organisation_id=found[1])
    assert "Hosts House of hosts" in text_of(stranger.get(seminar))
    olga.post(f"{seminar}/people/remove", id=found[1], role="organisation")
    assert "Hosts House of hosts" not in text_of(stranger.get(seminar))
    nonsense = olga.post(f"{seminar}/people/organisation", organisation_id="x")
    assert nonsense.status_code == 422
