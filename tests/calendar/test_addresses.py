"""Secret feed addresses: made, shown once, revoked at once."""

from events.catalogue.calendar import FeedAddressIssued, FeedAddressRevoked
from events.envelope import new_id
from services.calendar.addresses.service import MOST
from tests.calendar.world import CalendarUnderTest, a_gathering, a_member, a_registration


def test_address_is_issued_with_its_secret_shown_once(calendar: CalendarUnderTest) -> None:
    person = a_member()
    answer = calendar.call("POST", "/feed-addresses", as_=person, json={"label": " Phone "})
    assert answer.status_code == 201
    issued = answer.json()
    assert issued == {"id": issued["id"], "label": "Phone", "secret": issued["secret"]}
    assert len(issued["secret"]) == 43
    (listed,) = calendar.call("GET", "/feed-addresses", as_=person).json()
    assert set(listed) == {"id", "label", "made_at", "revoked_at"}
    assert calendar.published() == [
        FeedAddressIssued(feed_id=issued["id"], contact_id=person.contact_id or "")
    ]


def test_secret_is_nowhere_at_rest(sqlite_calendar: CalendarUnderTest) -> None:
    secret = sqlite_calendar.address_of(a_member()).split("/")[-1].removesuffix(".ics")
    for file in sqlite_calendar.settings.data_dir.rglob("calendar.sqlite3*"):
        assert secret.encode() not in file.read_bytes()


def test_revoked_address_is_gone_at_once_whatever_the_app_has(calendar: CalendarUnderTest) -> None:
    person = a_member()
    gathering = a_gathering()
    calendar.publish(gathering, a_registration(gathering, person))
    path, other = calendar.address_of(person), calendar.address_of(person)
    etag = calendar.feed(path).headers["etag"]
    assert calendar.feed(path, if_none_match=etag).status_code == 304
    id = calendar.call("GET", "/feed-addresses", as_=person).json()[1]["id"]
    for _ in range(2):
        revoked = calendar.call("POST", f"/feed-addresses/{id}/revoke", as_=person)
        assert revoked.status_code == 200
        assert revoked.json()["revoked_at"]
    for headers in ({}, {"if_none_match": etag}, {"if_none_match": "*"}):
        answer = calendar.feed(path, **headers)
        assert answer.status_code == 410
        assert answer.headers["cache-control"] == "no-store"
    assert calendar.feed(other, if_none_match=etag).status_code == 304
    assert calendar.published(FeedAddressRevoked) == [
        FeedAddressRevoked(feed_id=id, contact_id=person.contact_id or "")
    ]


def test_address_belongs_to_its_owner(calendar: CalendarUnderTest) -> None:
    owner, other = a_member(), a_member()
    path = calendar.address_of(owner)
    id = calendar.call("GET", "/feed-addresses", as_=owner).json()[0]["id"]
    assert calendar.call("GET", "/feed-addresses", as_=other).json() == []
    assert calendar.call("POST", f"/feed-addresses/{id}/revoke", as_=other).status_code == 404
    assert calendar.call("POST", f"/feed-addresses/{new_id()}/revoke", as_=owner).status_code == 404
    assert calendar.feed(path).status_code == 200


def test_address_needs_a_member_and_a_label(sqlite_calendar: CalendarUnderTest) -> None:
    call, member = sqlite_calendar.call, a_member()
    assert call("POST", "/feed-addresses", json={"label": "x"}).status_code == 401
    assert call("GET", "/feed-addresses").status_code == 401
    for bad in ({}, {"label": ""}, {"label": "a\r\nb"}, {"label": "x" * 201}, {"label": "\x00"}):
        assert call("POST", "/feed-addresses", as_=member, json=bad).status_code == 422
    extra = {"label": "x", "contact_id": new_id()}
    assert call("POST", "/feed-addresses", as_=member, json=extra).status_code == 422
    assert sqlite_calendar.published() == []


def test_addresses_in_use_are_limited(sqlite_calendar: CalendarUnderTest) -> None:
    call, member = sqlite_calendar.call, a_member()
    for _ in range(MOST):
        sqlite_calendar.address_of(member)
    one_more = {"label": "x"}
    assert call("POST", "/feed-addresses", as_=member, json=one_more).status_code == 409
    id = call("GET", "/feed-addresses", as_=member).json()[0]["id"]
    call("POST", f"/feed-addresses/{id}/revoke", as_=member)
    assert call("POST", "/feed-addresses", as_=member, json=one_more).status_code == 201


def test_replay_touches_no_address(calendar: CalendarUnderTest) -> None:
    person = a_member()
    path = calendar.address_of(person)
    before = calendar.call("GET", "/feed-addresses", as_=person).json()
    calendar.replay()
    assert calendar.call("GET", "/feed-addresses", as_=person).json() == before
    assert calendar.feed(path).status_code == 200
