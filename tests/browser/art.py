"""Our drawings as PNG, for those who cannot show SVG: `python -m tests.browser.art`.

Icons of home screens and the picture of shared links; run it after a drawing has changed. Shapes
are flat, so that a palette of few colours shows them as well, at a quarter of the bytes.
"""

import base64
import struct
import zlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from tests.real.browser import chromium

DRAWINGS = Path(__file__).parents[2] / "hub" / "static" / "img"
PALETTE = 128
"""Colours at most in a picture."""
_PIXELS = """async ([drawing, width, height]) => {
  const picture = new Image(width, height);
  picture.src = "data:image/svg+xml," + encodeURIComponent(drawing);
  await picture.decode();
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(picture, 0, 0, width, height);
  const { data } = canvas.getImageData(0, 0, width, height);
  let bytes = "";
  for (let at = 0; at < data.length; at += 4) {
    bytes += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
  }
  return btoa(bytes);
}"""

Pixel = tuple[int, int, int]


class Picture(NamedTuple):
    """A PNG of one drawing, in pixels."""

    name: str
    drawing: str
    width: int
    height: int


PICTURES = (
    Picture("icon-32.png", "icon.svg", 32, 32),
    Picture("icon-180.png", "icon.svg", 180, 180),
    Picture("icon-192.png", "icon.svg", 192, 192),
    Picture("icon-512.png", "icon.svg", 512, 512),
    Picture("og.png", "og.svg", 1200, 630),
)


def main() -> None:
    """Draw all of them again."""
    with chromium() as browser:
        for picture in PICTURES:
            file = DRAWINGS / picture.name
            file.write_bytes(png(_drawn(browser, picture), picture.width, picture.height))
            print(f"{picture.name}: {file.stat().st_size} bytes")


def png(pixels: list[Pixel], width: int, height: int) -> bytes:
    """A picture of few colours as PNG with a palette (ISO/IEC 15948)."""
    palette, places = _few(pixels)
    rows = (
        b"\0" + bytes(places[at] for at in pixels[y * width : (y + 1) * width])
        for y in range(height)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def _drawn(browser: Browser, picture: Picture) -> list[Pixel]:
    page = browser.new_page()
    drawing = (DRAWINGS / picture.drawing).read_text()
    encoded = page.evaluate(_PIXELS, [drawing, picture.width, picture.height])
    page.close()
    data = base64.b64decode(encoded)
    return list(zip(data[::3], data[1::3], data[2::3], strict=True))


def _few(pixels: list[Pixel]) -> tuple[list[Pixel], dict[Pixel, int]]:
    """The most frequent colours that are not nearly the same, and the place of each among them."""
    palette: list[Pixel] = []
    counted = [pixel for pixel, _ in Counter(pixels).most_common()]
    for pixel in counted:
        if len(palette) < PALETTE and all(_apart(pixel, kept) > 500 for kept in palette):
            palette.append(pixel)
    places = {pixel: _nearest(pixel, palette) for pixel in counted}
    return palette, places


def _nearest(pixel: Pixel, palette: list[Pixel]) -> int:
    return min(range(len(palette)), key=lambda at: _apart(pixel, palette[at]))


def _apart(one: Pixel, other: Pixel) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


if __name__ == "__main__":
    main()
