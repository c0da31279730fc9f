"""The design system: colours that everybody can read, components that nothing breaks."""

import gzip
import re
from html.parser import HTMLParser
from itertools import combinations
from typing import Any

import pytest
from jinja2 import Environment

from hub.assets import FOLDER, Assets
from hub.pages.design import sections
from hub.rendering import TEMPLATES, environment
from hub.words import SIDES
from tests.hub.colours import SIGHTS, STYLES, contrast, distance, tokens
from tests.hub.components import BAD, components, rendered, value_for
from tests.hub.gateway import Browser, WholeHub

CSS = STYLES.read_text()
TOKENS = tokens(CSS)
SURFACES = ("paper", "sheet", "well")
WASHES = ("do-wash", "amber-wash", "red-wash", "green-wash")
TEXT = (
    *((text, surface) for text in ("ink", "soft") for surface in (*SURFACES, *WASHES)),
    *((text, surface) for text in ("do", "do-strong", "red") for surface in (*SURFACES, "do-wash")),
    *((tone, surface) for tone in ("amber", "green") for surface in SURFACES),
    *((wash.removesuffix("-wash"), wash) for wash in WASHES),
    ("on-do", "do"),
    ("on-do", "do-strong"),
    ("sheet", "red"),
    ("paper", "ink"),
)
"""What is written on what."""
SHAPES = (
    *(("edge", surface) for surface in (*SURFACES, *WASHES)),
    *((side, surface) for side in SIDES for surface in SURFACES),
    *((tone, surface) for tone in ("do", "red", "green") for surface in SURFACES),
)
"""Borders of controls, the colours of the sides, what is filled or outlined to be seen."""
SCHEMES = ("light", "dark")


@pytest.mark.parametrize("scheme", [0, 1], ids=SCHEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3.0)], ids=["text", "shapes"])
def test_colours_have_the_contrast_of_wcag_aa(
    scheme: int, pairs: tuple[tuple[str, str], ...], least: float
) -> None:
    found = {(one, two): contrast(TOKENS[one][scheme], TOKENS[two][scheme]) for one, two in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_contrast_is_that_of_known_colours() -> None:
    ratios = [contrast(TOKENS[name][0], TOKENS["sheet"][0]) for name in ("ink", "sheet")]
    assert ratios == [pytest.approx(15.9, abs=0.1), 1.0]


@pytest.mark.parametrize("name", TOKENS)
def test_colours_are_shown_by_every_screen(name: str) -> None:
    assert all(colour.shown for colour in TOKENS[name])


@pytest.mark.parametrize("scheme", [0, 1], ids=SCHEMES)
def test_sides_are_equal_in_weight_and_apart_for_every_eye(scheme: int) -> None:
    sides = [TOKENS[side][scheme] for side in SIDES]
    assert len({(side.lightness, side.chroma) for side in sides}) == 1
    pairs = list(combinations(sides, 2))
    assert min(distance(one, other) for one, other in pairs) > 0.1
    # Twice what eyes tell apart side by side; five of equal lightness cannot be much further.
    for sight in SIGHTS:
        assert min(distance(one, other, sight) for one, other in pairs) > 0.04, sight


def test_sides_each_have_a_shape_of_their_own(pages: Environment) -> None:
    art: Any = pages.globals["art"]
    shapes = {re.sub(r"<svg[^>]*>", "", art.dot(side)) for side in SIDES}
    assert len(shapes) == len(SIDES)
    assert all(
        label in art.side(side) and "<svg" in art.side(side) for side, label in SIDES.items()
    )


def test_styles_use_only_tokens_that_exist() -> None:
    styles = CSS + (STYLES.parent / "design.css").read_text()
    used = set(re.findall(r"var\(--([\w-]+)", styles))
    defined = set(re.findall(r"--([\w-]+):", styles))
    assert used - defined == set()
    unused = defined - used - {"text"}
    assert unused == set()


def test_styles_are_all_used() -> None:
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)))
    files = [*TEMPLATES.rglob("*.html"), *FOLDER.rglob("*.js")]
    written = {word for file in files for word in re.findall(r"[\w-]+", file.read_text())}
    # A side's class is put together from its name.
    assert {name for name in classes - written if not name.startswith("side-")} == set()


def test_styles_know_no_left_and_right() -> None:
    """Pages are mirrored for scripts from right to left."""
    sided = (
        r"(margin|padding|border)-(left|right)|(text-align|float): (left|right)|[ ;{](left|right):"
    )
    assert re.findall(sided, CSS) == []


def test_styles_are_small_enough_for_a_slow_line() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) < 14_000


def test_pictures_are_small_enough_for_a_slow_line() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.rglob("*.png")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size >= 25_000} == {}


def test_icons_that_are_used_are_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "img" / "icons.svg").read_text()))
    named = r"""(?:icon=|art\.icon\(|icon_button\()["']([\w-]+)["']"""
    templates = (path.read_text() for path in TEMPLATES.rglob("*.html"))
    used = {name for text in templates for name in re.findall(named, text)}
    assert used - sprite == set()
    assert len(sprite) >= 35


def test_components_each_have_an_example(pages: Environment) -> None:
    sources = " ".join(
        example.source for section in sections(pages) for example in section.examples
    )
    macros = [f"{module}.{name}" for module, name, _ in components(pages)]
    within = {f"art.{name}" for name in ("icon", "dot")}
    parts = {
        f"forms.{name}"
        for name in ("bare_select", "checks", "option", "optional_mark", "said", "wrong")
    }
    shown = {name for name in macros if f"{name}(" in sources}
    assert set(macros) - shown - parts - within == set()


def test_design_page_shows_every_component(hub: WholeHub) -> None:
    answer = Browser(hub).get("/dev/design")
    assert answer.status_code == 200
    checked(answer.text)
    assert answer.text.count('class="specimen"') == sum(
        len(section.examples) for section in sections(hub.app.state.pages.environment)
    )


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_components_show_any_text_as_text(pages: Environment, bad: str) -> None:
    for module, name, macro in components(pages):
        html = rendered(module, name, macro, bad)
        seen = checked(html)
        if bad and bad.strip() in seen:
            continue
        assert not bad or not said(macro.arguments) or name in SILENT, f"{module}.{name}"


SILENT = {
    "avatar",
    "dot",
    "mark",
    "flow",
    "strands",
    "steps",
    "icon",
    "said",
    "sides_plot",
    "skeleton",
}
"""Components that do not show the text they get as it is."""


def said(arguments: tuple[str, ...]) -> bool:
    """Whether a component gets any text to show."""
    return any(isinstance(value_for("", name, "x"), str) for name in arguments)


class Reader(HTMLParser):
    """Reads HTML strictly: everything that opens closes, and nothing runs."""

    EMPTY = frozenset(
        {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The one picture that is ours is an event's.
        ours = tag == "img" and ("class", "cover") in attrs
        assert ours or tag not in {"img", "b", "style"} or not attrs, tag
        if tag == "script":
            assert dict(attrs).get("src"), "a script within the page"
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "style", value
            self.seen.append(value or "")
        assert len({name for name, _ in attrs}) == len(attrs), attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def checked(html: str) -> str:
    """The text and attributes of HTML that is well formed and runs nothing."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    seen = "\n".join(reader.seen)
    assert "&lt;" not in seen, "escaped twice"
    return seen


@pytest.fixture(scope="module")
def pages() -> Environment:
    """Templates without a hub around them."""
    return environment(asset=Assets().url)
