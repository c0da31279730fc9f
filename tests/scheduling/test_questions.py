"""What may be asked and answered: pure rules."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.envelope import new_id
from services.kit.errors import Invalid
from services.scheduling.questions.rules import answered, check_question
from services.scheduling.questions.schemas import QuestionCreate, QuestionKind, QuestionRead


def question(kind: QuestionKind, *, required: bool = False) -> QuestionRead:
    options = ["One", "Two"] if kind in ("choice", "several") else []
    return QuestionRead(
        id=new_id(), kind=kind, label="?", help="", required=required, options=options
    )


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("short", " Vegan ", "Vegan"),
        ("long", "Two\r\nlines", "Two\nlines"),
        ("choice", "Two", "Two"),
        ("several", ["Two", "One"], ["One", "Two"]),
        ("several", "One", ["One"]),
        ("number", " 3,5 ", "3.5"),
        ("date", "2027-02-28", "2027-02-28"),
        ("consent", "yes", True),
    ],
)
def test_answer_is_kept_as_its_kind_says(kind: QuestionKind, given: Any, kept: Any) -> None:
    asked = question(kind, required=True)
    assert answered([asked], {asked.id: given}) == {asked.id: kept}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("short", "x" * 201),
        ("short", "two\nlines"),
        ("short", "\x07"),
        ("short", {"a": 1}),
        ("choice", "Three"),
        ("several", ["Three"]),
        ("several", {"One": 1}),
        ("number", "many"),
        ("number", "1e9"),
        ("date", "2027-02-30"),
    ],
)
def test_answer_that_does_not_fit_names_its_question(kind: QuestionKind, given: Any) -> None:
    asked = question(kind)
    with pytest.raises(Invalid) as refused:
        answered([asked], {asked.id: given})
    assert refused.value.field == f"answer-{asked.id}"


@pytest.mark.parametrize("kind", get_args(QuestionKind))
@pytest.mark.parametrize("empty", [None, "", "  ", []])
def test_required_question_wants_an_answer_and_another_does_not(
    kind: QuestionKind, empty: Any
) -> None:
    asked = question(kind, required=True)
    if kind == "several" and isinstance(empty, str) and empty:
        return
    with pytest.raises(Invalid):
        answered([asked], {asked.id: empty} if empty is not None else {})
    optional = question(kind)
    assert answered([optional], {}) == {}


def test_answer_to_a_question_that_is_not_asked_is_refused() -> None:
    with pytest.raises(Invalid, match="not on the form"):
        answered([question("short")], {new_id(): "x"})


@given(st.text(max_size=300), st.sampled_from(["short", "long", "choice", "number", "date"]))
def test_any_text_is_kept_or_refused_in_words(text: str, kind: QuestionKind) -> None:
    asked = question(kind)
    try:
        kept = answered([asked], {asked.id: text})
    except Invalid:
        return
    assert set(kept) <= {asked.id}


@pytest.mark.parametrize(
    ("kind", "options"),
    [("choice", []), ("choice", ["One"]), ("several", ["A", "A"]), ("short", ["A", "B"])],
)
def test_question_with_the_wrong_options_is_refused(kind: QuestionKind, options: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check_question(QuestionCreate(kind=kind, label="?", options=options))
    assert refused.value.field == "options"
