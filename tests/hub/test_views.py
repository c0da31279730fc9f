"""Each page gets one typed view, and its template uses all of it and nothing else."""

import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from hub import views
from hub.pages import design
from hub.rendering import TEMPLATES
from hub.views.shell import Shell, View

_ROOMS = [
    import_module(f"{views.__name__}.{room.name}") for room in pkgutil.iter_modules(views.__path__)
]
PAGES = {
    view.template: view
    for room in [*_ROOMS, design]
    for view in vars(room).values()
    if isinstance(view, type) and issubclass(view, View) and view is not View
}


def syntax(template: str) -> nodes.Template:
    """A template as Jinja reads it."""
    return Environment(extensions=["jinja2.ext.i18n"]).parse((TEMPLATES / template).read_text())


def used(tree: nodes.Node, name: str) -> set[str]:
    """Attributes of a name that a template reads."""
    return {
        found.attr
        for found in tree.find_all(nodes.Getattr)
        if isinstance(found.node, nodes.Name) and found.node.name == name
    }


def parts(template: str) -> Iterator[nodes.Template]:
    """A template and those it includes."""
    tree = syntax(template)
    yield tree
    for include in tree.find_all(nodes.Include):
        assert isinstance(include.template, nodes.Const)
        yield from parts(include.template.value)


def offered(view: type) -> set[str]:
    """What a view has to give."""
    assert is_dataclass(view)
    computed = {name for name, value in vars(view).items() if isinstance(value, property)}
    return {field.name for field in fields(view)} | computed


def test_every_page_template_has_its_view_and_no_other() -> None:
    files = {
        path.relative_to(TEMPLATES).as_posix()
        for path in Path(TEMPLATES / "pages").rglob("*.html")
        if "examples" not in path.parts
    }
    assert set(PAGES) == files


@pytest.mark.parametrize("template", sorted(PAGES))
def test_template_uses_what_its_view_gives_and_all_of_it(template: str) -> None:
    wanted = set().union(*(used(tree, "page") for tree in parts(template)))
    assert wanted == offered(PAGES[template])


@pytest.mark.parametrize("template", ["base.html", *sorted(PAGES)])
def test_template_uses_what_the_shell_gives(template: str) -> None:
    assert used(syntax(template), "shell") <= offered(Shell)
