"""The review sheet: pictures of every page, for people to look at, into screens/.

`make screens ARGS="--only events --width 360"`. Each page is taken on a phone, a tablet and a
desk, in light and dark, in English and German; without JavaScript once, in English and light.
`sheet-*.png` show all of a look together; the single pictures are named PAGE-WIDTH.png in a
folder of the look.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated, Literal

import typer
from playwright.sync_api import Browser, Error
from rich.console import Console

from tests.browser.opened import Opened
from tests.browser.pages import PAGES, ListedPage
from tests.browser.stage import Stage, the_stage
from tests.real.browser import chromium
from tests.real.parts import ROOT

SCREENS = ROOT / "screens"
WIDTHS = {360: 780, 768: 1024, 1440: 900}
"""Heights of the screens by their widths."""
SHOWN = {360: 150, 768: 250, 1440: 470}
"""Widths of the pictures on a sheet."""
TALL = 560
"""Height of a picture on a sheet; what is longer is cut off there, and whole on its own."""
SCHEMES = ("light", "dark")
ROWS = 5
COLUMNS = 3
SHEET_STYLE = f"""
body {{ margin: 16px; font: 15px/1.3 system-ui, sans-serif; background: #888; color: #fff; }}
main {{ display: grid; grid-template-columns: repeat({COLUMNS}, max-content); gap: 20px 28px; }}
figure {{ margin: 0; }}
figcaption {{ padding-block-end: 4px; font-weight: 600; }}
div {{ display: flex; gap: 6px; align-items: start; }}
span {{ display: block; height: {TALL}px; overflow: hidden; background: #777; }}
img {{ display: block; width: 100%; }}
small {{ display: block; font-weight: 400; }}
"""
Only = Annotated[list[str] | None, typer.Option(help="Pages whose names begin so; repeatable.")]
Width = Annotated[list[int] | None, typer.Option(help="Of 360, 768 and 1440; repeatable.")]
Scheme = Annotated[list[str] | None, typer.Option(help="light or dark; repeatable.")]
Language = Annotated[list[str] | None, typer.Option(help="As en or de; repeatable.")]


@dataclass(frozen=True)
class Look:
    """How pages are shown."""

    language: str
    scheme: Literal["light", "dark"]
    scripts: bool = True

    @property
    def name(self) -> str:
        """Name of its folder and sheets."""
        return f"{self.language}-{self.scheme}" + ("" if self.scripts else "-no-js")

    def of(self, widths: Sequence[int]) -> Sequence[int]:
        """Those widths that it is taken in: without JavaScript no tablet."""
        return [width for width in widths if self.scripts or width != 768]


def main(
    only: Only = None,
    width: Width = None,
    scheme: Scheme = None,
    language: Language = None,
    without_scripts: Annotated[bool, typer.Option(help="Also without JavaScript.")] = True,
) -> None:
    """Take the pictures and compose the sheets."""
    pages = [page for page in PAGES if page.name.startswith(tuple(only or ("",)))]
    widths = [each for each in WIDTHS if each in (width or WIDTHS)]
    looks = [
        look
        for one in language or ("en", "de")
        for look in (Look(one, "light"), Look(one, "dark"), Look(one, "light", scripts=False))
        if look.scheme in (scheme or SCHEMES)
        if look.scripts or (one == "en" and without_scripts)
    ]
    if not (pages and widths and looks):
        raise typer.BadParameter("nothing is left to take")
    shutil.rmtree(SCREENS, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Console(stderr=True).status("starting") as status,
        the_stage(Path(folder)) as stage,
        chromium() as browser,
    ):
        for language_, with_scripts in dict.fromkeys((x.language, x.scripts) for x in looks):
            wanted = [x for x in looks if (x.language, x.scripts) == (language_, with_scripts)]
            # A member's own language goes before the cookie of the browser.
            stage.speak(language_)
            for page in pages:
                status.update(f"{language_}: {page.name}")
                _take(browser, stage, page, wanted, widths)
        sheets = 0
        for look in looks:
            for number, some in enumerate(_parts(pages), start=1):
                status.update(f"sheet {look.name} {number}")
                _compose(browser, look, number, some, widths)
                sheets += 1
    print(f"{sheets} sheets of {len(pages)} pages in {SCREENS.relative_to(ROOT)}/")


def _take(
    browser: Browser, stage: Stage, listed: ListedPage, looks: Sequence[Look], widths: Sequence[int]
) -> None:
    """Pictures of one page, loaded once for all looks that it has in one language."""
    first = looks[0]
    context = browser.new_context(
        storage_state=stage.signed_in(listed, hub_language=first.language),
        viewport={"width": widths[0], "height": WIDTHS[widths[0]]},
        reduced_motion="reduce",
        java_script_enabled=first.scripts,
        locale=first.language,
    )
    try:
        shown = Opened(listed, context.new_page(), stage)
        shown.load()
        for look in looks:
            folder = SCREENS / look.name
            shown.page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
            for width in look.of(widths):
                shown.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
                shown.page.screenshot(path=folder / f"{listed.name}-{width}.png", full_page=True)
    except Error as error:
        print(f"{listed.name}: {error.message.splitlines()[0]}")
    finally:
        context.close()


def _parts(pages: Sequence[ListedPage]) -> Iterator[Sequence[ListedPage]]:
    """As many pages as a sheet has room for."""
    for start in range(0, len(pages), ROWS * COLUMNS):
        yield pages[start : start + ROWS * COLUMNS]


def _compose(
    browser: Browser,
    look: Look,
    number: int,
    pages: Sequence[ListedPage],
    widths: Sequence[int],
) -> None:
    """One sheet, set by the browser itself."""
    figures = "".join(_figure(look, page, look.of(widths)) for page in pages)
    source = SCREENS / f"sheet-{look.name}-{number}.html"
    source.write_text(
        f"<!doctype html><meta charset=utf-8><style>{SHEET_STYLE}</style><main>{figures}</main>"
    )
    page = browser.new_page()
    try:
        page.goto(source.as_uri(), wait_until="load")
        room = page.evaluate("document.querySelector('main').scrollWidth")
        page.set_viewport_size({"width": int(room) + 32, "height": 900})
        page.screenshot(path=source.with_suffix(".png"), full_page=True)
    finally:
        page.close()
        source.unlink()


def _figure(look: Look, listed: ListedPage, widths: Sequence[int]) -> str:
    pictures = "".join(
        f'<span style="width: {SHOWN[width]}px">'
        f'<img src="{look.name}/{listed.name}-{width}.png" alt=""></span>'
        for width in widths
    )
    caption = f"{listed.name} <small>{', '.join(map(str, widths))} px, {listed.audience}"
    where = escape(listed.opened_at)
    words = f"<figcaption>{caption}, {where}</small></figcaption>"
    return f"<figure>{words}<div>{pictures}</div></figure>"


if __name__ == "__main__":
    typer.run(main)
