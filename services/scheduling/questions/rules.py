"""Pure decisions about questions and answers."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.kit.errors import Invalid
from services.kit.fields import as_line, as_prose
from services.kit.language import _
from services.scheduling.questions.schemas import QuestionCreate, QuestionRead

CHOICES = ("choice", "several")
LONGEST = {"short": 200, "long": 5_000}
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,6})?", re.ASCII)


def check_question(order: QuestionCreate) -> None:
    """Raise Invalid when a choice has nothing to choose from, or others have."""
    if order.kind in CHOICES and len(set(order.options)) < 2:
        raise Invalid("A choice needs at least two different answers.", field="options")
    if order.kind not in CHOICES and order.options:
        raise Invalid("Only a choice has answers to choose from.", field="options")
    if len(set(order.options)) < len(order.options):
        raise Invalid("Each answer can stand there once.", field="options")


def answered(questions: Sequence[QuestionRead], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept; raises Invalid, with the question as field, for what does
    not fit, for required ones that are missing, and for questions that are not asked.
    """
    known = {question.id: question for question in questions}
    for id in given:
        if id not in known:
            raise Invalid("This question is not on the form.", field=f"answer-{id}")
    kept = {}
    for question in questions:
        value = _kept(question, given.get(question.id))
        if value is not None:
            kept[question.id] = value
        elif question.required:
            raise Invalid("Please answer this.", field=f"answer-{question.id}")
    return kept


def _kept(question: QuestionRead, value: Any) -> Any:
    """One answer as it is kept, None when there is none."""
    if question.kind == "consent":
        return True if value is True or value == "yes" else None
    if question.kind == "several":
        chosen = [value] if isinstance(value, str) and value else value or []
        if not isinstance(chosen, list) or not set(chosen) <= set(question.options):
            raise _wrong(question, _("Please choose from the list."))
        return [option for option in question.options if option in chosen] or None
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise _wrong(question, _("Please answer in words."))
    return _worded(question, value)


def _worded(question: QuestionRead, value: str) -> Any:
    match question.kind:
        case "choice":
            if value not in question.options:
                raise _wrong(question, _("Please choose from the list."))
            return value
        case "number":
            if not _NUMBER.fullmatch(value.strip()):
                raise _wrong(question, _("Please write a number in digits."))
            return value.strip().replace(",", ".")
        case "date":
            try:
                return date.fromisoformat(value.strip()).isoformat()
            except ValueError as error:
                raise _wrong(question, _("Please choose a day that exists.")) from error
        case _:
            most = LONGEST[question.kind]
            if len(value) > most:
                raise _wrong(
                    question, _("This is longer than {most} characters.").format(most=most)
                )
            try:
                return as_line(value) if question.kind == "short" else as_prose(value)
            except ValueError as error:
                raise _wrong(question, _(str(error))) from error


def _wrong(question: QuestionRead, said: str) -> Invalid:
    return Invalid(said, field=f"answer-{question.id}")
