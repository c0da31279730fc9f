"""Pages of organisations: what visitors see, what their people change, what moderators decide."""

import re
from itertools import count

import httpx
import pytest

from tests.hub.gateway import Browser, WholeHub, text_of

_NUMBERS = count(1)


class Place:
    """A new organisation with its owner at a browser, and somebody who works there."""

    def __init__(self, hub: WholeHub) -> None:
        n = next(_NUMBERS)
        self.name = f"Clinic <b>number</b> {n}"
        self.owner = Browser(hub).join(
            f"Olga {n}", f"olga{n}@clinic{n}.example", organisation_name=self.name
        )
        found = self.owner.get("/suggest/organisations?q=" + f"number</b> {n}".replace(" ", "+"))
        assert found.json()[0]["value"] == self.name
        listed = self.owner.get(f"/organisations?q=clinic+{n}").text
        (slug,) = set(re.findall(rf"/organisations/(clinic-b-number-b-{n}-[0-9a-f]+)", listed))
        self.path = f"/organisations/{slug}"
        self.colleague = Browser(hub).join(f"Mia {n}", f"mia{n}@example.org")
        self.colleague_name = f"Mia {n}"
        self.owner_email, self.colleague_email = f"olga{n}@clinic{n}.example", f"mia{n}@example.org"

    def id_of(self, name: str, page: httpx.Response) -> str:
        """The id of a person who is shown on a page."""
        linked = re.search(rf'/people/([0-9a-f-]{{36}})">{name}', page.text)
        found = linked or re.search(rf"{name}[\s\S]*?/asks/([0-9a-f-]{{36}})", page.text)
        assert found
        return found[1]


@pytest.fixture
def place(hub: WholeHub) -> Place:
    return Place(hub)


EDIT = {
    "name": "Clinic",
    "helix_side": "healthcare",
    "description": "We <script>alert(1)</script> *care*",
    "region_code": "BE23",
    "country": "BE",
    "website": "clinic.example",
    "ror_id": "",
    "vat_id": "",
    "expertise": "genomics, <i>odd</i> knowledge",
}


def test_owner_changes_the_page_and_visitors_see_it(place: Place, stranger: Browser) -> None:
    name = place.name + " West"

    answer = place.owner.post(place.path + "/edit", **{**EDIT, "name": name})

    assert (answer.status_code, answer.headers["location"]) == (303, place.path)
    seen = stranger.get(place.path)
    assert "<b>number</b>" not in seen.text
    assert "<script>alert" not in seen.text
    assert 'href="https://clinic.example" rel="noopener nofollow ugc"' in seen.text
    words = text_of(seen)
    for part in (name, "genomics", "Not yet. What stands here"):
        assert part in words
    assert f"{place.path}/edit" not in seen.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter the name of the organisation"),
        ("name", "a" * 201, "200"),
        ("website", "javascript:alert(1)", "not the address of a website"),
        ("ror_id", "00cv9y107", "check digits of this ROR id"),
        ("vat_id", "BE0248015143", "check digits of this VAT number"),
        ("region_code", "ZZ99", ""),
        ("description", "x" * 20_001, ""),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    place: Place, field: str, typed: str, said: str
) -> None:
    answer = place.owner.post(place.path + "/edit", **{**EDIT, field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert said in text_of(answer)
    assert "genomics, &lt;i&gt;odd&lt;/i&gt; knowledge" in answer.text


def test_page_is_not_for_others_to_change(place: Place, anna: Browser, stranger: Browser) -> None:
    for way in ("/edit", "/people"):
        assert anna.get(place.path + way).status_code == 403
        assert stranger.get(place.path + way).status_code == 303
    assert anna.post(place.path + "/edit", **EDIT).status_code == 403
    assert place.owner.post(place.path + "/edit", **EDIT, verified="yes").status_code == 422
    assert place.owner.post(place.path + "/edit", **EDIT, verified_at="2026").status_code == 422
    forged = place.owner.send(
        "POST", place.path + "/edit", b"name=x", sec_fetch_site="cross-site",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert forged.status_code == 403
    huge = place.owner.post(place.path + "/edit", name="x" * 10_000_000)
    assert huge.status_code == 413
    assert place.name in text_of(place.owner.get(place.path))


def test_colleague_says_so_asks_and_is_let_in(hub: WholeHub, place: Place) -> None:
    assert place.colleague.post(place.path + "/work-here").status_code == 303
    assert "Works here, by their own word" in text_of(place.colleague.get(place.path))
    asked = place.colleague.post(place.path + "/ask", role="representative")
    assert asked.headers["location"] == place.path
    assert "wait for an answer" in text_of(place.colleague.get(place.path))

    asking = hub.link(place.owner_email, "/people")
    assert asking.path == place.path + "/people"
    seen = place.owner.get(place.path + "/people")
    assert place.colleague_name in text_of(seen)
    assert "@example.org" not in seen.text
    id = place.id_of(place.colleague_name, seen)
    assert place.owner.post(f"{place.path}/asks/{id}", decision="yes").status_code == 303
    assert hub.link(place.colleague_email, "/organisations/").path == place.path
    assert place.colleague.get(place.path + "/edit").status_code == 200
    again = place.owner.post(f"{place.path}/asks/{id}", decision="yes")
    assert (again.status_code, "decided or taken back" in text_of(again)) == (404, True)

    handed = place.owner.post(place.path + "/hand-over", contact_id=id)
    assert handed.status_code == 303
    assert place.owner.get(place.path + "/people").status_code == 403
    assert place.colleague.post(place.path + "/step-down").status_code == 303
    assert "moderators decide" in text_of(place.colleague.get(place.path))


def test_owner_takes_somebody_off(place: Place) -> None:
    place.colleague.post(place.path + "/work-here")
    id = place.id_of(place.colleague_name, place.owner.get(place.path + "/people"))

    assert place.owner.post(f"{place.path}/people/{id}", role="none").status_code == 303

    assert place.colleague_name not in text_of(place.owner.get(place.path))
    assert "took you off" in text_of(place.colleague.get(place.path))
    assert place.colleague.post(place.path + "/ask", role="member").status_code == 303
    wrong = place.owner.post(place.path + "/hand-over", contact_id=id)
    assert (wrong.status_code, "one of the people listed" in text_of(wrong)) == (422, True)


def test_moderators_verify_and_merge(place: Place, hub: WholeHub, olga: Browser) -> None:
    other = Place(hub)
    review = olga.get("/moderation/organisations")
    assert place.name in text_of(review)
    id = re.search(
        rf'{place.path}"[\s\S]*?/moderation/organisations/([0-9a-f-]{{36}})/verify', review.text
    )
    other_id = re.search(
        rf'{other.path}"[\s\S]*?/moderation/organisations/([0-9a-f-]{{36}})/verify', review.text
    )
    assert id is not None
    assert other_id is not None
    way = "/moderation/organisations"
    assert place.owner.get(way).status_code == 403
    assert place.owner.post(f"{way}/{id[1]}/verify", verified="yes").status_code == 403

    assert olga.post(f"{way}/{id[1]}/verify", verified="yes").status_code == 303
    assert "a moderator compared" in text_of(olga.get(place.path))
    pair = {"first_id": id[1], "second_id": other_id[1]}
    assert olga.post(f"{way}/merge", **pair, keep="neither").status_code == 422
    assert olga.post(f"{way}/merge", **pair, keep=id[1]).status_code == 303

    for old in (other.path, f"/organisations/{other_id[1]}", f"/organisations/{id[1]}"):
        answer = olga.get(old)
        assert (answer.status_code, answer.headers["location"]) == (301, place.path)
    assert olga.post(f"{way}/merge", **pair, keep=id[1]).status_code == 409
