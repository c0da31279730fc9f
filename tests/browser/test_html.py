"""The HTML of every page, as the server sends it, checked by the validator of the W3C."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from tests.browser.pages import PAGES, ListedPage
from tests.browser.stage import Stage

ACCEPTED: Mapping[str, str] = {}
"""Warnings that are let through, by a part of their words, and why."""


def test_html_of_every_page_is_valid(stage: Stage, vnu: Path, tmp_path: Path) -> None:
    for listed in PAGES:
        got = answer(stage, listed)
        assert got.status_code == listed.status, listed.name
        (tmp_path / f"{listed.name}.html").write_bytes(got.content)
    found = list(complaints(vnu, tmp_path))
    assert not found, "\n".join(found)


def test_validator_finds_what_is_wrong(vnu: Path, tmp_path: Path) -> None:
    text = "<!doctype html><html lang=en><title>x</title><p><ul></ul></p>"
    (tmp_path / "wrong.html").write_text(text)
    (found,) = complaints(vnu, tmp_path)
    assert re.match("wrong: error: No “p” element in scope", found)


def answer(stage: Stage, listed: ListedPage) -> httpx.Response:
    """The page as its audience gets it."""
    hub = stage.hubs[listed.state]
    cookies = {one["name"]: one["value"] for one in stage.signed_in(listed)["cookies"]}
    headers = {"origin": hub.url, "accept": "text/html", "accept-language": "en"}
    with httpx.Client(base_url=hub.url, cookies=cookies, headers=headers, timeout=30) as client:
        if listed.sends is None:
            return client.get(stage.path(listed))
        return client.post(stage.action(listed), data=stage.sent(listed))


def complaints(vnu: Path, folder: Path) -> Iterator[str]:
    """What the validator says of all files of a folder: one start of Java for all."""
    done = subprocess.run(
        ["java", "-Xss1m", "-jar", str(vnu), "--format", "json", "--stdout", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    for message in json.loads(done.stdout)["messages"]:
        said = message["message"]
        if not any(words in said for words in ACCEPTED):
            kind = message.get("subType", message["type"])
            where = re.sub(r"\s+", " ", message.get("extract", ""))
            yield f"{Path(message['url']).stem}: {kind}: {said} ({where})"
