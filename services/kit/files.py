"""Files that people bring, in a folder of the service, each under the SHA-256 of its bytes.

What a file is, its content says; what somebody calls it or claims of it counts for nothing.
"""

import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from services.kit.errors import Invalid, NotFound, TooLarge
from services.kit.language import _

PICTURES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
DOCUMENTS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "text/plain": "txt",
}
ACCEPTED = {**DOCUMENTS, **PICTURES}
"""Media types that are kept, with the ends of their names."""

_ID = re.compile(r"[0-9a-f]{64}")
_OFFICE = {"ppt/": "pptx", "word/": "docx", "xl/": "xlsx"}
_TYPES = {end: kind for kind, end in ACCEPTED.items()}
_MOST_ENTRIES = 20_000
_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class StoredFile:
    """One file as it is kept."""

    id: str
    kind: str
    """Its media type."""
    size: int
    """Bytes."""

    @property
    def ending(self) -> str:
        """How a name of it ends, without the dot."""
        return ACCEPTED[self.kind]


class Files:
    """One service's files; the same bytes are kept once."""

    def __init__(self, folder: Path, *, most: int) -> None:
        self.most = most
        """Bytes a file may have."""
        self._folder = folder

    def put(self, content: bytes, *, kinds: Collection[str] = ACCEPTED) -> StoredFile:
        """Keep a file for good; raises TooLarge, and Invalid for what is none of `kinds`."""
        if len(content) > self.most:
            raise TooLarge(most_words(self.most))
        kind = kind_of(content)
        if kind is None or kind not in kinds:
            endings = ", ".join(sorted(ACCEPTED[one].upper() for one in kinds))
            raise Invalid(
                _("The hub does not take this kind of file here, only {kinds}.").format(
                    kinds=endings
                ),
                field="file",
            )
        stored = StoredFile(hashlib.sha256(content).hexdigest(), kind, len(content))
        path = self._path(stored.id)
        if path.exists():
            # Whoever tidies up counts from the last time that a file was brought.
            os.utime(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, content)
        return stored

    def open(self, id: str) -> tuple[StoredFile, bytes]:
        """A file and its bytes; raises NotFound."""
        try:
            content = self._path(id).read_bytes()
        except OSError as error:
            raise NotFound("This file does not exist (any more).") from error
        return StoredFile(id, kind_of(content) or "text/plain", len(content)), content

    def has(self, id: str) -> bool:
        """Whether the file is here."""
        return bool(_ID.fullmatch(id)) and self._path(id).exists()

    def remove_others(self, used: Collection[str], *, before: datetime) -> int:
        """Remove what nothing refers to and was brought before a moment; returns how many."""
        gone = 0
        for path in self._folder.glob("??/*"):
            unused = path.parent.name + path.name not in used
            if unused and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise NotFound("This file does not exist (any more).")
        return self._folder / id[:2] / id[2:]

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all, also when the power fails."""
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).rename(path)


def most_words(most: int) -> str:
    """What to say of a file over the limit."""
    return _("A file can have {most} MB at most.").format(most=most // 1_000_000)


def kind_of(content: bytes) -> str | None:
    """The media type that the content itself shows; None for what the hub does not keep."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if _is_text(content):
        return "text/plain"
    return None


def headers_of(stored: StoredFile, name: str) -> dict[str, str]:
    """Headers under which no file can do anything on the hub's own address (RFC 6266).

    Pictures are shown; all else is saved, never opened as a page.
    """
    shown = "inline" if stored.kind in PICTURES else "attachment"
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return {
        "content-type": f"{stored.kind}; charset=utf-8"
        if stored.kind == "text/plain"
        else stored.kind,
        "content-disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
    }


def named(name: str, stored: StoredFile) -> str:
    """A name that ends as the file's content demands, without any folder."""
    last = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", re.split(r"[\\/]", name)[-1])
    stem = last.strip(" .")[:120]
    if stem.lower().endswith(f".{stored.ending}"):
        stem = stem[: -len(stored.ending) - 1]
    return f"{stem or 'file'}.{stored.ending}"


def _packed(content: bytes) -> str | None:
    """Documents of OpenDocument and Office Open XML; those that carry programs are refused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()[:_MOST_ENTRIES]
            if "mimetype" in names:
                if archive.getinfo("mimetype").file_size > 100:
                    return None
                kind = archive.read("mimetype").decode("ascii").strip()
                return kind if kind in DOCUMENTS and "opendocument" in kind else None
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(one.endswith("vbaProject.bin") for one in names):
        return None
    found = {end for one in names for start, end in _OFFICE.items() if one.startswith(start)}
    return _TYPES[found.pop()] if len(found) == 1 else None


def _is_text(content: bytes) -> bool:
    """Whether it is plain text; what a browser could take for a page is not."""
    if not content or _UNPRINTABLE.search(content):
        return False
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    start = text.lstrip("\ufeff \t\r\n")[:512].lower()
    return not start.startswith(("<", "#!", "%!"))
