"""Our drawings as PNG, for those who cannot show SVG: `python -m tests.browser.art`.

Icons of home screens and the picture of shared links; run it after a drawing has changed.
"""

from pathlib import Path
from typing import NamedTuple

from tests.real.browser import chromium

DRAWINGS = Path(__file__).parents[2] / "hub" / "static" / "img"


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
            page = browser.new_page(viewport={"width": picture.width, "height": picture.height})
            drawing = (DRAWINGS / picture.drawing).read_text()
            page.set_content(
                "<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>" + drawing
            )
            page.screenshot(path=DRAWINGS / picture.name)
            page.close()
            print(f"{picture.name}: {(DRAWINGS / picture.name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
