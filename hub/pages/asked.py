"""Questions of an organiser as fields of a form, and what was typed into them."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.choices import Choice
from hub.clients import QuestionRead
from hub.forms import Form
from hub.views.registering import Asked
from services.kit.language import _

PLACES = ("online", "onsite")


def fields_of(questions: Sequence[QuestionRead]) -> list[Asked]:
    """The questions as fields."""
    return [
        Asked(
            name=f"answer-{question.id}",
            kind=question.kind,
            label=question.label,
            help=question.help,
            required=question.required,
            options=[Choice(option, option) for option in question.options],
        )
        for question in questions
    ]


def answers_in(form: Form, questions: Sequence[QuestionRead]) -> dict[str, Any]:
    """What was typed, by question."""
    given: dict[str, Any] = {}
    for question in questions:
        name = f"answer-{question.id}"
        if question.kind == "several":
            given[question.id] = form.all(name)
        elif form.text(name).strip():
            given[question.id] = form.text(name)
    return given


def typed(questions: Sequence[QuestionRead], answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Answers given before, as values of the form."""
    values: dict[str, list[str]] = {}
    for question in questions:
        value = answers.get(question.id)
        if value is True:
            values[f"answer-{question.id}"] = ["yes"]
        elif isinstance(value, list):
            values[f"answer-{question.id}"] = value
        elif value is not None:
            values[f"answer-{question.id}"] = [str(value)]
    return values


def spoken_answer(value: Any) -> str:
    """An answer as the organiser reads it."""
    if value is True:
        return _("Yes")
    return "; ".join(value) if isinstance(value, list) else str(value)


def places(mode: str, *, pooled: bool) -> list[Choice]:
    """Where one can take part, when seats differ by it."""
    if mode != "hybrid" or not pooled:
        return []
    return [Choice("onsite", _("In person")), Choice("online", _("Online"))]
