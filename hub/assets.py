"""Static files: read and compressed once, addressed by content hash, kept by browsers for good."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import brotli
from fastapi import APIRouter, Request, Response

from services.kit.errors import NotFound

FOLDER = Path(__file__).parent / "static"
COMPRESSIBLE = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
MEDIA_TYPES = {
    **COMPRESSIBLE,
    ".ico": "image/vnd.microsoft.icon",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
QUALITY = 10
"""Of Brotli: the best, 11, gains three in a hundred and takes more than twice the time."""
_UNNAMED = 0.001
"""What not to compress weighs when the browser does not speak of it: less than any choice."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """One static file, in every form it is sent in."""

    media_type: str
    digest: str
    forms: Mapping[str, bytes]
    """Its content by content coding, the smallest first, `identity` last."""

    def best(self, accepted: str) -> str:
        """The coding that an Accept-Encoding header likes most (RFC 9110, section 12.5.3)."""
        weights = _weights(accepted)
        return max(self.forms, key=lambda coding: _weight(coding, weights))


class Assets:
    """All static files by name, under one digest, so that they can name each other."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, Asset] = {}
        whole = sha256()
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                asset = self._files[name.as_posix()] = _read(path)
                whole.update(f"{name.as_posix()} {asset.digest}\n".encode())
        self.digest = whole.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Where the file is; the address changes when any file does. Raises KeyError."""
        if name not in self._files:
            raise KeyError(f"there is no static file {name}")
        return f"/static/{self.digest}/{name}"

    def find(self, name: str) -> Asset:
        """The file; raises NotFound."""
        if name not in self._files:
            raise NotFound("There is no such file.")
        return self._files[name]


@router.get("/static/{digest}/{name:path}")
async def read_asset(request: Request, digest: str, name: str) -> Response:
    """A static file; under another digest the present one, which is asked for again each time."""
    assets: Assets = request.app.state.assets
    asset = assets.find(name)
    coding = asset.best(request.headers.get("accept-encoding", ""))
    etag = f'"{asset.digest}-{coding}"'
    right = digest == assets.digest
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if right else "no-cache",
        "etag": etag,
        "x-content-type-options": "nosniff",
    }
    if len(asset.forms) > 1:
        headers["vary"] = "accept-encoding"
    if _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    if coding != "identity":
        headers["content-encoding"] = coding
    return Response(asset.forms[coding], media_type=asset.media_type, headers=headers)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    forms = {"identity": content}
    if path.suffix in COMPRESSIBLE:
        made = {
            "br": brotli.compress(content, quality=QUALITY),
            "gzip": gzip.compress(content, 9, mtime=0),
        }
        forms = {**made, **forms}
        forms = {name: form for name, form in forms.items() if len(form) <= len(content)}
        forms = dict(sorted(forms.items(), key=lambda form: len(form[1])))
    media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    return Asset(media_type, sha256(content).hexdigest()[:16], forms)


def accepts(accepted: str, coding: str) -> bool:
    """Whether a browser that sends this Accept-Encoding takes a coding (RFC 9110, 12.5.3)."""
    return _weight(coding, _weights(accepted)) > 0


def _weights(accepted: str) -> dict[str, float]:
    weights = {}
    for part in accepted.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = min(max(float(parameter[2:]), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        weights[coding] = weight
    return weights


def _weight(coding: str, weights: Mapping[str, float]) -> float:
    if coding == "identity":
        return weights.get(coding, _UNNAMED)
    return weights.get(coding, weights.get("*", 0.0))


def _matches(condition: str, etag: str) -> bool:
    """Whether an If-None-Match header names this form (RFC 9110, section 13.1.2)."""
    named = [tag.strip().removeprefix("W/") for tag in condition.split(",")]
    return etag in named or named == ["*"]
