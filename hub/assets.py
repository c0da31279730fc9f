"""Static files: read once, addressed by content hash, cached by browsers for good."""

import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response

from services.kit.errors import NotFound

FOLDER = Path(__file__).parent / "static"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """One static file."""

    content: bytes
    media_type: str
    digest: str


class Assets:
    """All static files by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def url(self, name: str) -> str:
        """Where the file is; the address changes when the content does."""
        return f"/static/{self._files[name].digest}/{name}"

    def find(self, name: str) -> Asset:
        """The file; raises NotFound."""
        if name not in self._files:
            raise NotFound("There is no such file.")
        return self._files[name]


@router.get("/static/{digest}/{name:path}")
async def read_asset(request: Request, digest: str, name: str) -> Response:
    """A static file; under an old hash the present one, which is not kept."""
    assets: Assets = request.app.state.assets
    asset = assets.find(name)
    kept = "public, max-age=31536000, immutable" if digest == asset.digest else "no-cache"
    return Response(
        asset.content,
        media_type=asset.media_type,
        headers={"cache-control": kept, "etag": f'"{asset.digest}"'},
    )


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    media_type = mimetypes.types_map.get(path.suffix, "application/octet-stream")
    return Asset(content, media_type, sha256(content).hexdigest()[:16])
