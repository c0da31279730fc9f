"""No word that people read stands outside the catalogues."""

import ast
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from events.catalogue import SERVICES
from services.kit.errors import HubError
from tests.language.messages import ERRORS, ROOT, template

TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in (".html", ".j2", ".txt") and "design" not in path.parts
)
READ = {"alt", "aria-label", "content", "label", "placeholder", "title", "value"}
"""Attributes whose values people see or hear."""
NEUTRAL = {"Charter", "·", "website", "summary_large_image", "noindex"}
_WORD = re.compile(r"[A-Za-zÀ-ž]{2,}")
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_META = re.compile(
    r"width=device-width|light|dark|#[0-9a-f]{6}|\d+|yes|no|both|next|back|later|website|save|publish|draft"
)


class Words(HTMLParser):
    """Gathers what people would read of a template's own text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script")
        for name, value in attrs:
            if name in READ and value and _WORD.search(value) and not _META.match(value):
                self.found.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        # Some macros give attributes, which stand outside of any tag here.
        text = _ATTRIBUTE.sub("", data)
        if not self._hidden and _WORD.search(text):
            self.found.append(text.strip())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_no_words_of_its_own(path: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text())
    # An expression may stand within a tag: a number keeps the tag whole.
    text = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "0"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )
    words = Words()
    words.feed(text)
    words.close()
    assert [found for found in words.found if found not in NEUTRAL] == []


def kinds(error: type[HubError]) -> set[type[HubError]]:
    """An error and all that derive from it, as far as people meet them on pages."""
    import_module("hub.app")
    for name in SERVICES:
        import_module(f"services.{name}.app")
    # What only operators read is English, and whoever ran before may have imported it.
    own = {error} if not error.__module__.startswith(("hub.cli.", "tests.")) else set()
    return own.union(*(kinds(kind) for kind in error.__subclasses__()))


def test_every_error_for_people_is_known_to_the_extraction() -> None:
    import_module("hub.cli.demo_filling")
    assert {kind.__name__ for kind in kinds(HubError)} - set(ERRORS) == {
        # Made in one place each, from what is marked or translated there.
        "HubError", "Broken", "CrossSite", "ServiceAway", "ServiceProblem", "TooMany",
        "OnTheWayOut",
    }  # fmt: skip


def test_title_of_every_error_is_a_message() -> None:
    messages = {message.id for message in template()}
    assert {kind.title for kind in kinds(HubError)} - messages == set()


def test_errors_for_people_are_sentences_that_can_be_found() -> None:
    wrong = []
    for folder in ("hub", "services"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "cli" in path.parts or "migrations" in path.parts:
                continue
            for call in ast.walk(ast.parse(path.read_text())):
                if not isinstance(call, ast.Call) or not call.args:
                    continue
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                if name in ERRORS and isinstance(call.args[0], ast.JoinedStr):
                    wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert wrong == [], "put what changes in with _('...{x}...').format(x=...)"
