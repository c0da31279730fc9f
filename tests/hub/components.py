"""Every component of the pages, and something bad for each of its arguments."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from types import SimpleNamespace
from typing import Any, get_args

from jinja2 import Environment
from markupsafe import Markup

from hub.choices import Choice, Group
from hub.forms import Form
from hub.rendering import MACROS
from hub.views.cards import EventCard, OrganisationCard, PersonCard, PostCard, ProjectCard
from hub.views.expertise import ClaimRow, Claims, TermRow
from hub.views.registering import Asked
from hub.views.shell import Filter, Pager
from services.kit.times import When
from services.scheduling.questions.schemas import QuestionKind

LONG = "x" * 10_000
BAD = {
    "empty": "",
    "markup": "<b>bold</b> & \"quoted\" 'text' </div></p>",
    "script": "\"><script>alert(1)</script><img src=x onerror='alert(1)'>",
    "long": LONG,
    "right to left": "مرحبا بالعالم \u202e txet desrever",
    "emoji": "👩🏽‍⚕️🧬 two hearts 💞",
    "template": "{{ 7 * 7 }} {% raw %} %(name)s {count}",
}

FLAGS = frozenset(
    {"beside", "busy", "disabled", "end", "open", "optional"}
    | {"quiet", "seats", "sides", "strands", "switch", "typeahead"}
)
"""Arguments that are on or off."""


def components(pages: Environment) -> Iterator[tuple[str, str, Any]]:
    """Every macro with its module."""
    for module in MACROS:
        for name, macro in vars(pages.globals[module]).items():
            if hasattr(macro, "arguments"):
                yield module, name, macro


def rendered(module: str, name: str, macro: Any, bad: str) -> str:
    """The component with nothing but bad text; a part of an element comes in one."""
    given = {argument: value_for(f"{module}.{name}", argument, bad) for argument in macro.arguments}
    if macro.caller:
        given["caller"] = lambda *_: Markup("<i></i>")
    html = str(macro(**given))
    if name in ("described", "checks"):
        return f"<p{html}></p>"
    return f'<select class="input">{html}</select>' if name == "option" else html


def value_for(macro: str, argument: str, bad: str) -> Any:
    """Something bad of the kind that the argument takes."""
    choice = Choice(bad, bad, bad)
    pair, triple = [(bad, bad)], [(bad, bad, bad)]
    option = SimpleNamespace(value=bad, label=bad, count=3, chosen=True)
    entry = SimpleNamespace(when=bad, title=bad, text=bad, state=bad)
    special: Mapping[str, Any] = {
        "asked.fields.questions": [
            Asked(bad, kind, bad, bad, True, [choice]) for kind in get_args(QuestionKind)
        ],
        "asked.days.days": pair,
        "asked.place.places": [choice],
        "forms.area.rows": 3,
        "forms.area.max": 3,
        "forms.text.max": 3,
        "forms.steps.current": 1,
        "forms.ticks.default": [bad],
        "ui.people.more": 3,
        "ui.bell.unread": 3,
        "ui.progress.value": 2,
        "cards.more.items": [bad],
        "cards.terms.items": [bad],
        "cards.claims.claims": Claims(bad, [made(ClaimRow, bad, endorsers=pair)], pair, True),
        "cards.term_links.rows": [made(TermRow, bad)],
        "cards.terms_plot.rows": [made(TermRow, bad)],
        "ui.tabs.items": pair,
        "ui.pages.pager": Pager(2, bad, bad),
        "ui.pills.filters": [Filter(bad, bad, True, 3)],
        "ui.board.columns": [{"title": bad, "items": [bad], "empty": bad}],
    }
    common: Mapping[str, Any] = {
        "form": Form({bad: [bad]}, {bad: bad}, bad) if not macro.startswith("ui.") else bad,
        "choice": choice,
        "choices": [choice],
        "groups": [Group(bad, [choice])],
        "event": made(EventCard, bad),
        "when": made(When, bad),
        "post": made(PostCard, bad),
        "project": made(ProjectCard, bad),
        "person": made(PersonCard, bad),
        "organisation": made(OrganisationCard, bad),
        "people": [made(PersonCard, bad)],
        "facets": [SimpleNamespace(name=bad, label=bad, options=[option])],
        "entries": [entry],
        "trail": pair,
        "chips": pair,
        "hidden": pair,
        "items": triple,
        "labels": [bad, bad],
        "columns": [bad, bad],
        "rows": [[bad, bad]],
        "numbers": [1],
        "counts": {bad: 3, "citizen": 2},
        "level": 3,
        "length": 6,
        "lines": 3,
        "covered": 2,
        "needed": 3,
        "total": 3,
        "shown": 0,
    }
    key = f"{macro}.{argument}"
    if key in special:
        return special[key]
    return common.get(argument, True if argument in FLAGS else bad)


def made(kind: type, bad: str, **given: Any) -> Any:
    """A view with nothing but bad text, apart from what is given."""
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.type is When:
            values[field.name] = made(When, bad)
        elif field.type in (bool, bool | None):
            values[field.name] = True
        elif field.type is int:
            values[field.name] = 3
        else:
            values[field.name] = [bad] * 5 if get_args(field.type) else bad
    return kind(**{**values, **given})
