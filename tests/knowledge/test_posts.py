"""Posts through the service's own door: published, found, revised, and kept from strangers."""

from typing import Any

import pytest

from events.catalogue.knowledge import PostPublished, PostState
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from tests.harness import HUB, ServiceUnderTest, a_member

AUTHOR = a_member()
READER = a_member()
MODERATOR = a_member("moderator")
GUEST = Identity(new_id())

POST: dict[str, Any] = {
    "kind": "practice",
    "title": "Sharing genomes safely",
    "summary": "What Flanders learned",
    "body": "We *kept* the data at home.",
    "topics": ["Genomics", "data protection", "genomics"],
    "link": "https://example.org/report",
    "deadline": "2027-03-01",
    "made_up": True,
}
JSON = {"content-type": "application/json"}
PROBLEM = "application/problem+json"
NOBODY = new_id()


def publish(knowledge: ServiceUnderTest, **fields: Any) -> dict[str, Any]:
    answer = knowledge.call(
        "POST", "/posts", as_=AUTHOR, json={"title": "A post", "body": "Words.", **fields}
    )
    assert answer.status_code == 201, answer.text
    post: dict[str, Any] = answer.json()
    return post


def titles(knowledge: ServiceUnderTest, who: Identity = ANYONE, **query: Any) -> list[str]:
    answer = knowledge.call("GET", "/posts", as_=who, params=query)
    assert answer.status_code == 200, answer.text
    return [post["title"] for post in answer.json()]


def test_post_is_published_for_everybody_and_told(knowledge: ServiceUnderTest) -> None:
    post = publish(knowledge, **POST)

    id = post["id"]
    assert post == {
        **POST,
        "id": id,
        "version": 1,
        "audience": "public",
        "slug": f"sharing-genomes-safely-{id[-6:]}",
        "status": "published",
        "body_html": "<p>We <em>kept</em> the data at home.</p>\n",
        "topics": ["genomics", "data protection"],
        "author_id": AUTHOR.contact_id,
        "language": "en",
        "published_at": post["published_at"],
    }
    assert knowledge.call("GET", f"/posts/{id}").json() == post
    assert knowledge.call("GET", f"/posts/{post['slug']}").json() == post
    assert knowledge.call("GET", "/posts").json() == [post]
    assert knowledge.published() == [
        PostState.model_validate(post),
        PostPublished(post_id=id, author_id=AUTHOR.contact_id or ""),
    ]


def test_post_shows_no_markup_that_acts(knowledge: ServiceUnderTest) -> None:
    body = "<script>alert(1)</script> [here](javascript:alert(1)) ![x](https://spy.example/x.gif)"
    html = publish(knowledge, body=body)["body_html"]
    assert "<script" not in html
    assert "href" not in html
    assert "<img" not in html


@pytest.mark.parametrize(("who", "status"), [(ANYONE, 401), (GUEST, 403), (HUB, 403)])
def test_post_is_written_by_members_only(
    knowledge: ServiceUnderTest, who: Identity, status: int
) -> None:
    assert knowledge.call("POST", "/posts", as_=who, json=POST).status_code == status
    assert knowledge.published() == []


def test_members_post_is_hidden_from_everybody_else(knowledge: ServiceUnderTest) -> None:
    post = publish(knowledge, title="Among us", topics=["ethics"], audience="members")

    for stranger in (ANYONE, GUEST):
        for reference in (post["id"], post["slug"]):
            assert knowledge.call("GET", f"/posts/{reference}", as_=stranger).status_code == 404
        assert titles(knowledge, stranger) == []
        assert titles(knowledge, stranger, q="among") == []
        assert titles(knowledge, stranger, topic="ethics") == []
        assert titles(knowledge, stranger, kind="article") == []
    assert knowledge.call("GET", f"/posts/{post['slug']}", as_=READER).json() == post
    assert titles(knowledge, READER, q="among") == ["Among us"]


def test_list_is_newest_first_and_filtered(knowledge: ServiceUnderTest) -> None:
    publish(knowledge, title="First", kind="news", topics=["imaging"])
    publish(knowledge, title="Second", kind="funding", topics=["imaging", "robots"])
    publish(knowledge, title="Third", kind="news", topics=["robots and imaging"])

    assert titles(knowledge) == ["Third", "Second", "First"]
    assert titles(knowledge, limit=2) == ["Third", "Second"]
    assert titles(knowledge, kind="news") == ["Third", "First"]
    assert titles(knowledge, topic="Imaging") == ["Second", "First"]
    assert titles(knowledge, kind="funding", topic="robots") == ["Second"]
    assert titles(knowledge, topic="unknown") == []


def test_search_wants_every_word_in_any_case(knowledge: ServiceUnderTest) -> None:
    publish(
        knowledge, title="Une ÉTUDE en Wallonie", summary="Cancer registries", topics=["ethics"]
    )
    publish(knowledge, title="Étude seule", body="cancer is in the body only")

    assert titles(knowledge, q="étude") == ["Étude seule", "Une ÉTUDE en Wallonie"]
    assert titles(knowledge, q="ÉTUDE  cancer") == ["Une ÉTUDE en Wallonie"]
    assert titles(knowledge, q="wall ETHICS regist") == ["Une ÉTUDE en Wallonie"]
    assert titles(knowledge, q="étude absent") == []


@pytest.mark.parametrize("query", ["100%", "_id", "\\n", "'; DROP", '"both"', "%", "_", "\\"])
def test_search_takes_signs_as_they_are(knowledge: ServiceUnderTest, query: str) -> None:
    publish(knowledge, title="plain")
    publish(knowledge, title=f"with {query} inside")
    assert titles(knowledge, q=query) == [f"with {query} inside"]


def test_revision_keeps_the_address_and_is_told_as_state(knowledge: ServiceUnderTest) -> None:
    post = publish(knowledge, **POST)
    change = {"title": "Sharing genomes", "body": "## New", "topics": ["ethics"], "link": None}

    revised = knowledge.call("PATCH", f"/posts/{post['id']}", as_=AUTHOR, json=change)

    assert revised.json() == {
        **post,
        "version": 2,
        "title": "Sharing genomes",
        "body": "## New",
        "body_html": "<h3>New</h3>\n",
        "topics": ["ethics"],
        "link": None,
    }
    assert knowledge.call("GET", f"/posts/{post['slug']}").json() == revised.json()
    assert titles(knowledge, topic="genomics") == []
    assert titles(knowledge, q="safely") == []
    assert titles(knowledge, topic="ethics", q="sharing ethics") == ["Sharing genomes"]
    assert knowledge.published() == [
        PostState.model_validate(post),
        PostPublished(post_id=post["id"], author_id=AUTHOR.contact_id or ""),
        PostState.model_validate(revised.json()),
    ]


def test_revision_that_changes_nothing_is_not_told(knowledge: ServiceUnderTest) -> None:
    post = publish(knowledge, **POST)
    before = knowledge.published()
    for change in ({}, {"title": None, "body": None}, {"title": POST["title"]}):
        assert (
            knowledge.call("PATCH", f"/posts/{post['id']}", as_=AUTHOR, json=change).json() == post
        )
    assert knowledge.published() == before


def test_revision_is_for_the_author_and_moderators(knowledge: ServiceUnderTest) -> None:
    post = publish(knowledge, audience="members")
    path = f"/posts/{post['id']}"

    assert knowledge.call("PATCH", path, json={"title": "Mine"}).status_code == 401
    assert knowledge.call("PATCH", path, as_=GUEST, json={"title": "Mine"}).status_code == 403
    assert knowledge.call("PATCH", path, as_=READER, json={"title": "Mine"}).status_code == 403
    assert (
        knowledge.call("PATCH", f"/posts/{NOBODY}", as_=AUTHOR, json={"title": "Mine"}).status_code
        == 404
    )
    assert knowledge.call("GET", path, as_=READER).json() == post
    moderated = knowledge.call("PATCH", path, as_=MODERATOR, json={"audience": "public"})
    assert moderated.status_code == 200
    assert knowledge.call("GET", path).json() == moderated.json()


def test_revision_cannot_empty_a_post(knowledge: ServiceUnderTest) -> None:
    post = publish(knowledge)
    answer = knowledge.call(
        "PATCH", f"/posts/{post['id']}", as_=AUTHOR, json={"title": "Else", "body": ""}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body"
    assert knowledge.call("GET", f"/posts/{post['id']}").json() == post


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "two\r\nlines"}, "title"),
        ({"title": "bell\x07"}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"body": "nul\x00"}, "body"),
        ({"kind": "rumour"}, "kind"),
        ({"topics": ["x" * 81]}, "topics.0"),
        ({"topics": ["topic"] * 13}, "topics"),
        ({"language": "english"}, "language"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"deadline": "2027-02-30"}, "deadline"),
        ({"deadline": "0001-01-01"}, "deadline"),
        ({"audience": "contact:someone"}, "audience"),
        ({"author_id": NOBODY}, "author_id"),
        ({"id": NOBODY}, "id"),
    ],
)
def test_post_with_a_wrong_field_is_refused_whole(
    knowledge: ServiceUnderTest, wrong: dict[str, Any], field: str
) -> None:
    order = {"title": "A post", "body": "Words.", **wrong}
    answer = knowledge.call("POST", "/posts", as_=AUTHOR, json=order)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert titles(knowledge) == []
    assert knowledge.published() == []


@pytest.mark.parametrize("content", [b'{"title": "\xff\xfe"}', b"{", b"[]", b"", b"null"])
def test_post_that_is_no_form_is_refused(knowledge: ServiceUnderTest, content: bytes) -> None:
    answer = knowledge.call("POST", "/posts", as_=AUTHOR, content=content, headers=JSON)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == PROBLEM
    assert knowledge.published() == []


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 201}, {"kind": "rumour"}, {"q": "x" * 201}, {"q": "\x00"}],
)
def test_list_refuses_a_query_it_cannot_read(
    knowledge: ServiceUnderTest, query: dict[str, Any]
) -> None:
    assert knowledge.call("GET", "/posts", params=query).status_code == 422
