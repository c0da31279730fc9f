"""The picture of an event: brought by the organiser, shown on its page, its card, and elsewhere."""

import re
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.hub.gateway import ADDRESS, SEMINAR, Browser, WholeHub, text_of


@pytest.fixture
def seminar(olga: Browser) -> str:
    """The path of a seminar."""
    form = {**SEMINAR, "title": "A seminar with a picture"}
    return str(olga.post("/events/new", **form).headers["location"])


def a_picture() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    file = BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(file, "JPEG", exif=exif)
    return file.getvalue()


def bring(
    hub: WholeHub, who: Browser, path: str, content: bytes, *, alt: str = "A harbour"
) -> httpx.Response:
    """Send the form, with a file when there are bytes."""
    files = {"file": ("picture.jpg" if content else "", content, "image/jpeg")}
    headers = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
    return hub.loop.run(who.http.post(path, data={"alt": alt}, files=files, headers=headers))


def test_cover_is_shown_wherever_the_event_is(hub: WholeHub, olga: Browser) -> None:
    order = {**SEMINAR, "title": "Quayside morning"}
    seminar = str(olga.post("/events/new", **order).headers["location"])
    form = f"{seminar.replace('/events', '/organise')}/cover"
    visitor = Browser(hub)
    assert "/cover/" not in visitor.get(seminar).text
    assert bring(hub, olga, form, a_picture()).headers["location"] == seminar
    shown = visitor.get(seminar).text
    large = re.search(rf'<img class="cover" src="({seminar}/cover/[0-9a-f]{{64}})"', shown)
    assert large, shown
    assert 'alt="A harbour"' in shown
    assert f'property="og:image" content="{ADDRESS}{large[1]}"' in shown
    assert f'"image": "{ADDRESS}{large[1]}"' in shown
    listed = visitor.get("/events?q=quayside").text
    small = re.search(rf'src="({seminar}/cover/[0-9a-f]{{64}})"', listed)
    assert small, listed
    sizes = []
    for path in (large[1], small[1]):
        had = visitor.get(path)
        assert had.headers["content-type"] == "image/jpeg"
        assert had.headers["cache-control"] == "public, max-age=604800"
        assert "sandbox" in had.headers["content-security-policy"]
        assert b"taken at home" not in had.content
        sizes.append(Image.open(BytesIO(had.content)).size)
    assert sizes == [(1200, 630), (480, 252)]
    assert bring(hub, olga, form, b"", alt="Rotterdam").status_code == 303
    assert 'alt="Rotterdam"' in visitor.get(seminar).text
    assert olga.post(f"{form}/remove").status_code == 303
    assert "/cover/" not in visitor.get(seminar).text
    assert visitor.get(large[1]).status_code == 404


def test_cover_of_a_draft_is_seen_by_those_who_see_the_draft(hub: WholeHub, olga: Browser) -> None:
    made = olga.post("/events/new", **{**SEMINAR, "title": "Not yet", "way": "draft"})
    path = str(made.headers["location"])
    bring(hub, olga, f"{path.replace('/events', '/organise')}/cover", a_picture())
    found = re.search(rf'src="({path}/cover/[0-9a-f]{{64}})"', olga.get(path).text)
    assert found
    assert olga.get(found[1]).headers["cache-control"] == "private, max-age=604800"
    assert Browser(hub).get(found[1]).status_code == 404


def test_cover_is_brought_by_nobody_else(
    hub: WholeHub, olga: Browser, anna: Browser, seminar: str
) -> None:
    form = f"{seminar.replace('/events', '/organise')}/cover"
    assert anna.get(form).status_code == 403
    assert bring(hub, anna, form, a_picture()).status_code == 403
    assert anna.post(f"{form}/remove").status_code == 403


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "Please choose a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 422, "this kind of file"),
        (b"%PDF-1.7\n", 422, "not a picture that can be read"),
        (b"\xff\xd8\xff" + bytes(100), 422, "not a picture that can be read"),
        (bytes(20_000_001), 413, "20 MB at most"),
    ],
    ids=["none", "svg", "pdf", "garbage", "large"],
)
def test_cover_that_does_not_fit_is_said_beside_its_field(
    hub: WholeHub, olga: Browser, seminar: str, content: bytes, status: int, said: str
) -> None:
    form = f"{seminar.replace('/events', '/organise')}/cover"
    answer = bring(hub, olga, form, content, alt="What was typed")
    assert answer.status_code == status
    assert said in text_of(answer)
    if status == 422:
        assert "What was typed" in answer.text
