"""Materials of a gathering: brought by the organiser, had by those with a seat."""

import re
from typing import Any

import httpx
import pytest

from tests.hub.gateway import ADDRESS, SEMINAR, Browser, WholeHub, text_of

PDF = b"%PDF-1.7\n"


@pytest.fixture
def seminar(olga: Browser) -> str:
    """The path of a seminar with two seats."""
    form = {**SEMINAR, "title": "A seminar that leaves something", "capacity": "2"}
    return str(olga.post("/events/new", **form).headers["location"])


def add(
    hub: WholeHub, who: Browser, path: str, *, name: str = "", content: bytes = PDF, **form: str
) -> httpx.Response:
    """Send the form, with a file when it has a name."""
    files = {"file": (name, content, "text/html") if name else ("", b"", "text/plain")}
    headers = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
    return hub.loop.run(who.http.post(path, data=form, files=files, headers=headers))


def links_of(hub: WholeHub, email: str) -> set[str]:
    """All links of mails to an address."""
    return {link for mail in hub.mails(email) for link in mail["links"]}


def test_materials_are_brought_told_and_had(
    hub: WholeHub, olga: Browser, anna: Browser, seminar: str
) -> None:
    organised = f"{seminar.replace('/events', '/organise')}/materials"
    known = links_of(hub, "anna@example.org")
    anna.post(f"{seminar}/register")
    known.add(str(hub.mail_with("anna@example.org", "/registrations/", known=known)[1]))
    visitor = Browser(hub)
    visitor.post(f"{seminar}/register", name="Gia Guest", email="left@example.org")
    guest = hub.link("left@example.org", "/registrations/").path
    assert "Materials" not in text_of(anna.get(seminar))
    added = add(hub, olga, organised, name="Genomes & families.html", kind="slides", title="")
    assert (added.status_code, added.headers["location"]) == (303, organised)
    link = "https://video.example/recording"
    add(hub, olga, organised, kind="recording", title="The recording", url=link)
    assert "Nobody was told of 2 of these yet." in text_of(olga.get(organised))
    assert "Materials" in text_of(anna.get(seminar))
    for who, way in ((anna, seminar), (visitor, guest)):
        shown = who.get(f"{way}/materials")
        assert f'href="{link}"' in shown.text
        file = re.search(rf'href="({way}/materials/[0-9a-f-]+)"', shown.text)
        assert file, shown.text
        had = who.get(file[1])
        assert (had.status_code, had.content) == (200, PDF)
        # The name that its owner gave it says nothing of what it is.
        assert had.headers["content-type"] == "application/pdf"
        assert 'filename="Genomes _ families.pdf"' in had.headers["content-disposition"]
        assert "sandbox" in had.headers["content-security-policy"]
    assert olga.post(f"{organised}/tell").status_code == 303
    mail, _link = hub.mail_with("anna@example.org", "/registrations/", known=known)
    assert mail["subject"] == "Materials are there: A seminar that leaves something"
    assert "Nobody was told" not in text_of(olga.get(organised))
    ids = re.findall(r'action="([^"]+/remove)"', olga.get(organised).text)
    for remove in ids:
        assert olga.post(remove).status_code == 303
    assert "Nothing here yet." in text_of(anna.get(f"{seminar}/materials"))


def test_materials_are_nobody_elses(
    hub: WholeHub, olga: Browser, anna: Browser, seminar: str
) -> None:
    organised = f"{seminar.replace('/events', '/organise')}/materials"
    added = add(hub, olga, organised, name="slides.pdf", kind="slides")
    assert added.status_code == 303
    assert anna.get(f"{seminar}/materials").status_code == 403
    assert anna.get(organised).status_code == 403
    assert add(hub, anna, organised, name="mine.pdf", kind="slides").status_code == 403
    assert Browser(hub).get(f"{seminar}/materials").status_code == 303


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"kind": "slides", "title": "Nothing"}, 422, "Please choose a file or give an address."),
        ({"kind": "link", "title": "Bad", "url": "javascript:alert(1)"}, 422, "Bad"),
        ({"kind": "slides", "title": "x", "owner": "me"}, 422, "no field named"),
    ],
)
def test_material_that_does_not_fit_is_said_beside_its_field(
    hub: WholeHub, olga: Browser, seminar: str, form: dict[str, Any], status: int, said: str
) -> None:
    organised = f"{seminar.replace('/events', '/organise')}/materials"
    refused = add(hub, olga, organised, **form)
    assert (refused.status_code, said in refused.text) == (status, True)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<html><script>alert(1)</script></html>", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 422),
        (b"MZ" + bytes(100), 422),
        (PDF + bytes(20_000_000), 413),
    ],
    ids=["page", "picture that runs", "program", "too large"],
)
def test_file_that_is_not_what_it_is_called_is_not_taken(
    hub: WholeHub, olga: Browser, seminar: str, content: bytes, status: int
) -> None:
    organised = f"{seminar.replace('/events', '/organise')}/materials"
    refused = add(hub, olga, organised, name="slides.pdf", content=content, title="Our slides",
                  kind="slides")  # fmt: skip
    assert refused.status_code == status
    if status == 422:
        assert 'value="Our slides"' in refused.text
    assert "Nothing here yet." in text_of(olga.get(organised))
