import gzip
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import httpx
import pytest

from hub.assets import FOLDER, Assets
from tests.hub.gateway import Browser, WholeHub

CSS = ".a { color: red }\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few files of every kind that matters."""
    made = tmp_path / "static"
    (made / "css").mkdir(parents=True)
    (made / "js").mkdir()
    (made / "css" / "hub.css").write_text(CSS)
    (made / "js" / "hub.js").write_text('import "./swap.js";\n' * 50)
    (made / "mark.png").write_bytes(b"\x89PNG" + b"a" * 1000)
    (made / "tiny.txt").write_text("x")
    (made / "mark.svg").write_text("<svg/>")
    (made / "site.webmanifest").write_text("{}")
    (made / ".secret").write_text("of an editor")
    (tmp_path / "outside.txt").write_text("not for the world")
    return made


@pytest.fixture
def browser(hub: WholeHub, folder: Path) -> Iterator[Browser]:
    """Somebody who looks at those files through the real gateway, under their digest."""
    hub.app.state.assets, real = Assets(folder), hub.app.state.assets
    yield Browser(hub)
    hub.app.state.assets = real


def address(browser: Browser, name: str) -> str:
    return str(browser._hub.app.state.assets.url(name))


def asked(browser: Browser, name: str, accepted: str) -> httpx.Response:
    return browser.get(address(browser, name), accept_encoding=accepted)


def test_digest_is_one_for_all_files_and_changes_with_any(folder: Path) -> None:
    before = Assets(folder)
    assert before.url("css/hub.css") == f"/static/{before.digest}/css/hub.css"
    assert before.url("js/hub.js") == f"/static/{before.digest}/js/hub.js"
    assert len(before.digest) == 16
    assert Assets(folder).digest == before.digest
    (folder / "tiny.txt").write_text("y")
    assert Assets(folder).digest != before.digest


def test_digest_changes_when_a_file_is_renamed(folder: Path) -> None:
    before = Assets(folder).digest
    shutil.move(folder / "tiny.txt", folder / "small.txt")
    assert Assets(folder).digest != before


def test_address_of_an_unknown_file_is_an_error(folder: Path) -> None:
    with pytest.raises(KeyError, match=r"no\.css"):
        Assets(folder).url("no.css")


def test_file_under_the_right_digest_is_kept_for_a_year(browser: Browser) -> None:
    answer = asked(browser, "css/hub.css", "identity")
    assert answer.status_code == 200
    assert answer.text == CSS
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "accept-encoding"


def test_file_under_an_old_digest_is_the_present_one_and_asked_for_again(browser: Browser) -> None:
    path = "/static/0123456789abcdef/css/hub.css"
    answer = browser.get(path, accept_encoding="identity")
    assert answer.text == CSS
    assert answer.headers["cache-control"] == "no-cache"
    tag = answer.headers["etag"]
    for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = browser.get(path, accept_encoding="identity", if_none_match=condition)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert browser.get(path, if_none_match='"other"').status_code == 200


def test_each_form_of_a_file_has_a_tag_of_its_own(browser: Browser) -> None:
    tags = {asked(browser, "css/hub.css", one).headers["etag"] for one in ("br", "gzip", "")}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("br; q=1.0, gzip;q=0.9", "br"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("gzip;q=0.5, identity;q=1", None),
        ("gzip;q=0", None),
        ("deflate", None),
        ("identity", None),
        ("", None),
        ("*;q=0", None),
        ("gzip;q=nonsense, ;;,,=", None),
    ],
)
def test_form_follows_accept_encoding(browser: Browser, accepted: str, coding: str | None) -> None:
    answer = asked(browser, "css/hub.css", accepted)
    assert answer.headers.get("content-encoding") == coding
    assert answer.text == CSS


def test_forms_are_made_once_and_only_when_they_are_smaller(folder: Path) -> None:
    assets = Assets(folder)
    forms = assets.find("css/hub.css").forms
    assert list(forms) == ["br", "gzip", "identity"]
    assert brotli.decompress(forms["br"]).decode() == CSS
    assert gzip.decompress(forms["gzip"]).decode() == CSS
    assert list(assets.find("mark.png").forms) == ["identity"]
    assert list(assets.find("tiny.txt").forms) == ["identity"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("js/hub.js", "text/javascript; charset=utf-8"),
        ("css/hub.css", "text/css; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
        ("mark.png", "image/png"),
        ("site.webmanifest", "application/manifest+json"),
    ],
)
def test_file_says_what_it_is(browser: Browser, name: str, media_type: str) -> None:
    answer = asked(browser, name, "")
    assert answer.headers["content-type"] == media_type


def test_incompressible_file_does_not_vary(browser: Browser) -> None:
    answer = asked(browser, "mark.png", "br, gzip")
    assert "vary" not in answer.headers
    assert "content-encoding" not in answer.headers


def test_head_says_what_get_would(browser: Browser) -> None:
    path = address(browser, "css/hub.css")
    got = browser.get(path, accept_encoding="gzip")
    head = browser.send("HEAD", path, accept_encoding="gzip")
    assert head.status_code == 200
    for name in ("content-length", "etag", "content-encoding", "cache-control", "content-type"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "%2e%2e/outside.txt",
        "..%2foutside.txt",
        "css/../../outside.txt",
        "/etc/passwd",
        "..\\outside.txt",
        ".secret",
        "css",
        "css/",
        "",
        "no.css",
        "css/hub.css%00",
        "x" * 5000,
    ],
)
def test_nothing_but_the_files_can_be_had(browser: Browser, name: str) -> None:
    answer = browser.get(f"/static/0123456789abcdef/{name}")
    assert answer.status_code in (404, 307)
    assert "not for the world" not in answer.text


def test_all_scripts_together_are_small() -> None:
    assets = Assets()
    # What passkeys need comes only where they are offered.
    names = [path.name for path in (FOLDER / "js").glob("*.js") if path.name != "passkeys.js"]
    sizes = [len(assets.find(f"js/{name}").forms["br"]) for name in names]
    assert sum(sizes) < 13_000


def test_real_files_are_read_and_compressed_before_anybody_notices() -> None:
    def once() -> float:
        began = time.process_time()
        Assets()
        return time.process_time() - began

    assert min(once() for _ in range(3)) < 0.15
