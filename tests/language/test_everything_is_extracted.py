"""No word that people read stands outside the catalogues."""

import ast
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from services.kit.errors import HubError
from tests.language.messages import ERRORS, ROOT

TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in (".html", ".j2", ".txt") and "design" not in path.parts
)
READ = {"alt", "aria-label", "content", "label", "placeholder", "title", "value"}
"""Attributes whose values people see or hear."""
NEUTRAL = {"Charter", "·", "website", "summary_large_image", "noindex"}
MARKED = {"Broken", "CrossSite", "HubError", "ServiceAway", "ServiceProblem"}
"""Errors whose message is marked where they are made, or comes from a service."""
_WORD = re.compile(r"[A-Za-zÀ-ž]{2,}")
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_META = re.compile(r"width=device-width|light|dark|#[0-9a-f]{6}|\d+|yes|next|back|later|website")


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


def kinds(error: type[HubError]) -> set[str]:
    """Names of an error and all that derive from it."""
    return {error.__name__}.union(*(kinds(kind) for kind in error.__subclasses__()))


def test_every_error_for_people_is_known_to_the_extraction() -> None:
    import_module("hub.app")
    assert kinds(HubError) - set(ERRORS) == {
        # Made in one place each, from what is marked or translated there.
        "HubError", "Broken", "CrossSite", "ServiceAway", "ServiceProblem",
    }  # fmt: skip


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


def test_every_error_has_a_title_and_a_name_that_the_extraction_knows() -> None:
    kinds = {"HubError"}
    classes = [
        (path, node)
        for folder in ("hub", "services")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "cli" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    ]
    # Twice, for an error of an error may stand in a file before that of its parent.
    for _path, node in classes * 2:
        if any(isinstance(base, ast.Name) and base.id in kinds for base in node.bases):
            kinds.add(node.name)
    bare = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, node in classes
        if node.name in kinds
        for part in node.body
        if isinstance(part, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "title" for target in part.targets)
        and not isinstance(part.value, ast.Call)
    ]
    assert bare == [], "mark the title with N_()"
    assert kinds - set(ERRORS) - MARKED == set(), "add it to ERRORS"
