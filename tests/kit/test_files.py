"""Files are kept under their SHA-256, told by their content, given out safely."""

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from services.kit.errors import Invalid, NotFound, TooLarge
from services.kit.files import PICTURES, Files, StoredFile, headers_of, kind_of, named

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", most=1000)


def packed(**entries: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def test_file_is_found_again_by_its_hash(files: Files) -> None:
    stored = files.put(PDF)
    assert stored == StoredFile(hashlib.sha256(PDF).hexdigest(), "application/pdf", len(PDF))
    assert files.put(PDF) == stored
    assert files.open(stored.id) == (stored, PDF)
    assert files.has(stored.id)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf <svg onload=alert(1)>",
        b"#!/bin/sh\n",
        b"MZ\x90\x00",
        b"\xff\xfe<\x00",
        b"PK\x03\x04 no archive",
        packed(anything=b"1"),
        packed(mimetype=b"text/html"),
        packed(mimetype=b"x" * 200),
        packed(**{"[Content_Types].xml": b"", "ppt__vbaProject.bin": b""}),
        packed(**{"[Content_Types].xml": b"", "ppt__a.xml": b"", "word__a.xml": b""}),
    ],
)
def test_file_of_another_kind_is_refused(files: Files, content: bytes) -> None:
    with pytest.raises(Invalid):
        files.put(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("Grüße;1\n".encode(), "text/plain"),
        (
            packed(mimetype=b"application/vnd.oasis.opendocument.presentation"),
            "application/vnd.oasis.opendocument.presentation",
        ),
        (
            packed(**{"[Content_Types].xml": b"", "ppt__presentation.xml": b""}),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ],
)
def test_kind_is_what_the_content_shows(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_file_over_the_limit_or_of_no_wanted_kind_is_refused(files: Files) -> None:
    with pytest.raises(TooLarge):
        files.put(PDF + bytes(1000))
    with pytest.raises(Invalid):
        files.put(PDF, kinds=PICTURES)


@pytest.mark.parametrize("id", ["", "../../keys/gateway.key", "A" * 64, "0" * 64])
def test_file_that_is_not_there_is_not_found(files: Files, id: str) -> None:
    with pytest.raises(NotFound):
        files.open(id)
    assert not files.has(id)


def test_unused_files_go_after_a_while(files: Files) -> None:
    kept, unused = files.put(PDF), files.put(PNG)
    moment = datetime.now(UTC)
    assert files.remove_others({kept.id}, before=moment - timedelta(hours=1)) == 0
    assert files.remove_others({kept.id}, before=moment + timedelta(seconds=5)) == 1
    assert (files.has(kept.id), files.has(unused.id)) == (True, False)


def test_headers_let_no_file_act_as_a_page() -> None:
    document = StoredFile("0" * 64, "application/pdf", 1)
    assert headers_of(document, 'Übersicht";x.pdf') == {
        "content-type": "application/pdf",
        "content-disposition": (
            "attachment; filename=\"_bersicht__x.pdf\"; filename*=UTF-8''%C3%9Cbersicht%22%3Bx.pdf"
        ),
        "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
    }


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("slides.pdf", "slides.pdf"),
        ("C:\\talks\\slides.html", "slides.html.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nb.PDF", "ab.pdf"),
        (" ", "file.pdf"),
    ],
)
def test_name_is_one_that_fits_the_content(given: str, name: str) -> None:
    assert named(given, StoredFile("0" * 64, "application/pdf", 1)) == name
