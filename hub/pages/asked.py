"""Questions of an organiser as fields of a form, and what was typed into them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.choices import Choice
from hub.clients import Clients, GatheringRead, QuestionRead, RegistrationRead
from hub.forms import Form
from hub.pages.cards import occurrence
from hub.sessions import Person, identity_of
from hub.views.registering import Asked
from hub.words import REGISTRATION
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


async def open_dates(
    clients: Clients, gathering: GatheringRead, person: Person | None
) -> list[Choice]:
    """The dates to choose from, where people register for each."""
    if gathering.registers_for != "occurrence":
        return []
    found = await clients.scheduling.open_dates(gathering.id, identity_of(person))
    return [
        Choice(
            date.occurrence.isoformat(),
            " · ".join(
                filter(None, (occurrence(gathering, date.starts_local, person).text, date.title))
            ),
            _("All seats are taken.") if date.seats_left == 0 else "",
        )
        for date in found
    ]


async def own_days(
    clients: Clients,
    gathering: GatheringRead,
    registration: RegistrationRead | None,
    person: Person | None,
    lines: Mapping[datetime, int] | None = None,
) -> list[tuple[str, str]]:
    """The dates somebody registered for, and how each stands; none where it is for all.

    Those that are over or called off are left out. `lines` are places in line, where known.
    """
    if registration is None or not registration.dates:
        return []
    coming = await clients.scheduling.open_dates(gathering.id, identity_of(person))
    starts = {date.occurrence: date.starts_local for date in coming}
    stands = {
        start: _("Waitlist, place {place}").format(place=place)
        for start, place in (lines or {}).items()
    }
    return [
        (
            occurrence(gathering, starts[day.occurrence], person).text,
            stands.get(day.occurrence) or REGISTRATION[day.status],
        )
        for day in registration.dates
        if day.occurrence in starts
    ]


def places(mode: str, *, pooled: bool) -> list[Choice]:
    """Where one can take part, when seats differ by it."""
    if mode != "hybrid" or not pooled:
        return []
    return [Choice("onsite", _("In person")), Choice("online", _("Online"))]
