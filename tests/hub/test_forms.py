import pytest

from hub.forms import Form
from hub.pages.asking import safe_next
from services.kit.errors import Conflict, Invalid
from tests.hub.gateway import Browser, text_of

FORM = {"content_type": "application/x-www-form-urlencoded", "sec_fetch_site": "same-origin"}


def test_form_words_are_split_trimmed_and_kept_once() -> None:
    form = Form({"topics": ["genomics, data sharing;\n genomics ,,"]})
    assert form.words("topics") == ["genomics", "data sharing"]


def test_form_order_leaves_out_what_was_left_empty() -> None:
    form = Form({"name": ["Anna"], "email": ["  "]})
    assert form.order("name", "email", "language") == {"name": "Anna"}


def test_form_failed_puts_complaints_beside_fields_and_the_rest_on_top() -> None:
    problem = Invalid("This must be on one line.", field="title")
    assert Form().failed(problem, ("title",)).errors == {"title": "This must be on one line."}
    assert Form().failed(problem, ("name",)).summary == "title: This must be on one line."
    assert Form().failed(problem, ("name",), {"title": "name"}).errors.keys() == {"name"}
    assert Form().failed(Conflict("It is over."), ("name",)).summary == "It is over."


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/events/x", "/events/x"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\nb", "/"),
        ("", "/"),
        ("/" + "x" * 400, "/"),
    ],
)
def test_safe_next_never_leaves_the_hub(path: str, kept: str) -> None:
    assert safe_next(path) == kept


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"email=%ff%fe", 400, "not UTF-8"),
        (b"email=\xff\xfe", 400, "not UTF-8"),
        (b"&".join(b"a%d=1" % n for n in range(300)), 400, "more than 200 fields"),
        (b"email=a@b.example&role=admin", 422, "no field named 'role'"),
        (b"email=" + b"x" * 1_100_000, 413, "more than this hub takes"),
        (b"email=not-an-address", 422, "is not an e-mail address such as"),
        (b"email=a%00b@example.org", 422, "Please check what you entered"),
        (b"email=a@example.org%0d%0aBcc:x@example.org", 422, "must be on one line"),
        (b"", 422, "is not an e-mail address such as"),
    ],
)
def test_forms_with_bad_bytes_get_a_clear_page(
    stranger: Browser, body: bytes, status: int, words: str
) -> None:
    answer = stranger.send("POST", "/sign-in", body, **FORM)
    assert (answer.status_code, words in text_of(answer)) == (status, True), text_of(answer)


def test_form_of_another_type_is_refused(stranger: Browser) -> None:
    headers = {**FORM, "content_type": "application/json"}
    answer = stranger.send("POST", "/sign-in", b'{"email": "a@example.org"}', **headers)
    assert answer.status_code == 400
    assert "application/x-www-form-urlencoded" in text_of(answer)


def test_body_of_unknown_length_is_read_no_further_than_the_limit(stranger: Browser) -> None:
    answer = stranger.send("POST", "/sign-in", [b"email=", *[b"x" * 100_000] * 11], **FORM)
    assert answer.status_code == 413
    assert "more than this hub takes" in text_of(answer)
