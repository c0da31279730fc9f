"""The form of a gathering as a request to scheduling, and a gathering as the form's values."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hub.choices import Choice, choices
from hub.clients import AdmissionRead, GatheringRead
from hub.forms import Form
from hub.regions import place_named, region_groups
from hub.views.event_forms import EventChoices
from hub.words import GATHERING_KINDS, LANGUAGES, MODES, SIDES
from hub.zones import zone_groups
from services.kit.fields import zone, zone_names
from services.kit.language import N_, _

_PLAIN = (
    "kind", "mode", "title", "summary", "description", "starts_local", "ends_local", "time_zone",
    "location", "language", "access", "costs", "admits", "registers_for",
)  # fmt: skip
_MAY_BE_EMPTY = ("summary", "description", "location", "access", "costs")
_NUMBERS = ("capacity", "capacity_online", "capacity_onsite", "offer_hours", "doors_minutes")
INPUTS = (
    *_PLAIN, *_NUMBERS, "repeats", "times", "join_url", "topics", "region_code", "demo_case_ids",
    "captions", "needs_approval", "admits_sides", "admits_regions", "opens_local", "closes_local",
)  # fmt: skip
FIELDS = (*INPUTS, "way")
RENAMED = {"rrule": "times", "opens_at": "opens_local", "closes_at": "closes_local"}
"""Fields of the form by what scheduling calls them."""
MOST_TIMES = 52
_DEFAULTS = {"offer_hours": 0, "doors_minutes": 15}
_RULES = {
    "weekly": "FREQ=WEEKLY;COUNT={times}",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2;COUNT={times}",
    "monthly": "FREQ=MONTHLY;COUNT={times}",
}
_KEPT = "kept"
"""A rule that no choice of the form stands for."""


def order_of(
    form: Form, *, before: GatheringRead | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as a request, and what the page itself finds wrong.

    A change names the fields that the form had, the emptied ones too.
    """
    errors: dict[str, str] = {}
    order: dict[str, Any] = {name: form.text(name) for name in _PLAIN if form.text(name).strip()}
    for name, asked in (
        ("title", N_("Enter what the event is called.")),
        ("starts_local", N_("Enter when it starts.")),
        ("ends_local", N_("Enter when it ends.")),
    ):
        if not form.text(name).strip() and (before is None or name in form.values):
            errors[name] = _(asked)
    if before:
        for name in _MAY_BE_EMPTY:
            if name in form.values:
                order.setdefault(name, "")
    if form.text("join_url").strip():
        order["join_url"] = form.text("join_url")
    for name in ("demo_case_ids", "admits_sides"):
        order[name] = form.all(name)
    for name in ("captions", "needs_approval"):
        order[name] = form.ticked(name)
    if "topics" in form.values:
        order["topics"] = form.words("topics")
    if "region_code" in form.values:
        order["region_code"] = form.text("region_code") or None
    if "admits_regions" in form.values:
        order["admits_regions"] = _regions(form, errors)
    for name in ("opens", "closes"):
        if f"{name}_local" in form.values:
            order[f"{name}_at"] = _moment(form, f"{name}_local", errors)
    _put_numbers(form, order, errors, before)
    if before is None or before.status == "draft":
        _put_rule(form, order, errors, before)
    return order, errors


def values_of(gathering: GatheringRead, admission: AdmissionRead) -> dict[str, list[str]]:
    """A gathering as the values of the form that changes it; its online address is a secret."""
    values = {name: [str(getattr(gathering, name))] for name in _PLAIN}
    for name in ("starts_local", "ends_local"):
        values[name] = [getattr(gathering, name).isoformat(timespec="minutes")]
    hybrid = gathering.mode == "hybrid"
    own = ("capacity_online", "capacity_onsite") if hybrid and admission.pools else ("capacity",)
    for name in own:
        if (seats := getattr(admission, name)) is not None:
            values[name] = [str(seats)]
    for name in _DEFAULTS:
        values[name] = [str(getattr(gathering, name))]
    values["topics"] = [", ".join(gathering.topics)]
    values["region_code"] = [gathering.region_code or ""]
    values["demo_case_ids"] = list(gathering.demo_case_ids)
    values["admits_sides"] = list(gathering.admits_sides)
    values["admits_regions"] = [", ".join(gathering.admits_regions)]
    for name in ("captions", "needs_approval"):
        if getattr(gathering, name):
            values[name] = ["yes"]
    for name in ("opens", "closes"):
        if at := getattr(gathering, f"{name}_at"):
            local = at.astimezone(zone(gathering.time_zone))
            values[f"{name}_local"] = [local.replace(tzinfo=None).isoformat(timespec="minutes")]
    values["repeats"], values["times"] = _rhythm(gathering.rrule)
    return values


def event_choices(
    projects: Mapping[str, str], *, before: GatheringRead | None = None
) -> EventChoices:
    """What the fields offer for a new gathering, or for one as it was before."""
    rhythms = [
        Choice("no", _("Once")),
        Choice("weekly", _("Every week"), _("On the same weekday, at the same time by the clock.")),
        Choice("fortnightly", _("Every two weeks")),
        Choice("monthly", _("Every month"), _("On the same day of the month.")),
    ]
    if before and _rhythm(before.rrule)[0] == [_KEPT]:
        rhythms.append(Choice(_KEPT, _("As it is now")))
    return EventChoices(
        kinds=choices(GATHERING_KINDS),
        scopes=[
            Choice("series", _("All dates together"), _("One registration is for all of them.")),
            Choice("occurrence", _("Each date"), _("Seats are counted for each date.")),
        ],
        modes=choices(MODES),
        rhythms=rhythms if before is None or before.status == "draft" else [],
        zones=zone_groups(),
        regions=region_groups(),
        languages=choices(LANGUAGES),
        projects=choices(projects),
        admits=[
            Choice("open", _("Everybody"), _("Guests give their name and e-mail address.")),
            Choice("members", _("Members of the hub")),
            Choice("invited", _("People whom I invite"), _("You name them once it is published.")),
        ],
        sides=choices(SIDES),
    )


def _put_numbers(
    form: Form, order: dict[str, Any], errors: dict[str, str], before: GatheringRead | None
) -> None:
    hybrid = form.text("mode") == "hybrid"
    for name in _NUMBERS:
        if before and name not in form.values:
            continue
        typed = form.text(name).strip()
        if not typed:
            order[name] = _DEFAULTS.get(name)
        elif typed.isascii() and typed.isdigit() and len(typed) < 7:
            order[name] = int(typed)
        elif name in _DEFAULTS:
            errors[name] = _("Enter a number in digits, or leave it empty.")
        else:
            errors[name] = _("Enter the number of seats as digits, or leave it empty.")
    if not hybrid or order.get("capacity") is not None:
        # Scheduling says that one number is for all, and two are for those who choose.
        for name in ("capacity_online", "capacity_onsite"):
            if order.get(name) is None:
                order.pop(name, None)


def _put_rule(
    form: Form, order: dict[str, Any], errors: dict[str, str], before: GatheringRead | None
) -> None:
    repeats = form.text("repeats") or "no"
    if repeats == "no":
        order["rrule"] = None
    elif repeats in _RULES:
        times = form.text("times").strip()
        if re.fullmatch("[0-9]{1,4}", times) and 2 <= int(times) <= MOST_TIMES:
            order["rrule"] = _RULES[repeats].format(times=int(times))
        else:
            errors["times"] = _(
                "Enter how often it takes place: a number from 2 to {most}."
            ).format(most=MOST_TIMES)
    elif not (before and repeats == _KEPT):
        errors["repeats"] = _("Choose whether the event is repeated.")


def _rhythm(rule: str | None) -> tuple[list[str], list[str]]:
    """The choice of the form that a rule is, and how many times."""
    if rule is None:
        return ["no"], []
    for name, pattern in _RULES.items():
        if found := re.fullmatch(pattern.format(times=r"(\d+)"), rule):
            return [name], [found[1]]
    return [_KEPT], []


def _regions(form: Form, errors: dict[str, str]) -> list[str]:
    codes = []
    for words in form.words("admits_regions"):
        if code := place_named(words):
            codes.append(code)
        else:
            errors["admits_regions"] = _("No region is called {name}.").format(name=words)
    return list(dict.fromkeys(codes))


def _moment(form: Form, name: str, errors: dict[str, str]) -> str | None:
    """A local time by the clock of the event's zone as a moment; None when nothing is typed."""
    typed = form.text(name).strip()
    if not typed:
        return None
    local: datetime | None = None
    with suppress(ValueError):
        local = datetime.fromisoformat(typed)
    if local is None or local.tzinfo is not None or not 1970 <= local.year < 2100:
        errors[name] = _("Please choose a day that exists.")
        return None
    place = form.text("time_zone")
    if place not in zone_names():
        # What is wrong with the zone is said beside it.
        return None
    return local.replace(tzinfo=zone(place)).astimezone(UTC).isoformat()
