"""Finding a date: polls that organisers open, and the pages on which people answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from babel.lists import format_list
from fastapi import APIRouter, Query, Request, Response

from hub.choices import Choice, choices
from hub.clients import HUB, Clients, GatheringRead, PollBrief, PollRead, PollToVote
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, IdPath, SecretPath, SettingsOf
from hub.pages.cards import today
from hub.pages.named import contacts_named
from hub.rendering import page, redirect
from hub.sessions import Organiser, Person, SignedIn, Visitor, identity_of
from hub.settings import Settings
from hub.views.flashes import FLASHES
from hub.views.polls import (
    DateToVote,
    PollFormPage,
    PollResultsPage,
    PollRow,
    PollsPage,
    PollVotePage,
    Standing,
)
from hub.words import VOTES
from hub.zones import zone_groups
from services.kit.errors import Forbidden, HubError
from services.kit.fields import zone_names
from services.kit.language import _, locale, ngettext, spoken
from services.kit.markdown import render
from services.kit.times import When, city, moment_in, when

MOST_DATES = 20
SHOWN_AT_FIRST = 5
"""Dates that an empty form has room for."""
ASKED = ("title", "description", "time_zone", "minutes", "roles", "closes_local")
DATES = tuple(f"slot_{number}" for number in range(1, MOST_DATES + 1))
router = APIRouter()

InZone = Annotated[str, Query(alias="zone", max_length=64)]


@router.get("/polls")
async def own_polls(request: Request, clients: ClientsOf, person: Organiser) -> Response:
    """The polls that the organiser opened."""
    polls = await clients.scheduling.polls(person.identity)
    view = PollsPage(
        polls=[
            PollRow(
                id=poll.id,
                title=poll.title,
                open=poll.open,
                closes=_closes(poll, person.time_zone),
                voted=poll.voted,
                asked=poll.asked,
            )
            for poll in polls
        ]
    )
    return await page(request, view)


@router.get("/polls/new")
async def new_poll(request: Request, person: Organiser) -> Response:
    """The form that asks about some dates."""
    return await _form_page(request, Form({"time_zone": [person.time_zone]}))


@router.post("/polls/new")
async def open_poll(
    request: Request, clients: ClientsOf, person: Organiser, form: Posted
) -> Response:
    """Open a poll, or show the form with room for more dates."""
    form.only(*ASKED, *DATES, "way")
    if form.text("way") == "more":
        return await _form_page(request, form)
    order, errors = _order(form)
    if errors:
        return await _form_page(request, form.with_errors(**errors), status=422)
    try:
        poll = await clients.scheduling.open_poll(order, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, (*ASKED, *DATES), {"slots": DATES[0]})
        return await _form_page(request, failed, status=422)
    return redirect(request, f"/polls/{poll.id}/results", FLASHES["poll-opened"])


@router.get("/polls/{id}/results")
async def poll_results(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: SignedIn, id: IdPath
) -> Response:
    """Who can come when, for the organiser."""
    poll = await clients.scheduling.poll(id, person.identity)
    return await _results_page(request, clients, settings, person, poll, Form())


@router.post("/polls/{id}/invite")
async def invite(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    person: SignedIn,
    id: IdPath,
    form: Posted,
) -> Response:
    """Ask people, members by name and everybody by e-mail address."""
    form.only("people", "role")
    poll = await clients.scheduling.poll(id, person.identity)
    invitations, complaint = await _invitations(clients, person, poll, form)
    failed = form.with_errors(people=complaint)
    if not complaint:
        try:
            await clients.scheduling.invite_to_poll(id, invitations, person.identity)
        except HubError as problem:
            if problem.status != 422:
                raise
            failed = form.failed(problem, ("people", "role"))
        else:
            return redirect(request, f"/polls/{id}/results", FLASHES["poll-asked"])
    return await _results_page(request, clients, settings, person, poll, failed, status=422)


@router.post("/polls/{id}/close")
async def close_poll(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """Take no more answers."""
    await clients.scheduling.close_poll(id, person.identity)
    return redirect(request, f"/polls/{id}/results", FLASHES["poll-closed"])


@router.post("/polls/{id}/delete")
async def delete_poll(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, form: Posted
) -> Response:
    """Delete a poll, when its organiser has ticked that they mean it."""
    form.only("sure")
    if not form.ticked("sure"):
        raise Forbidden("Nothing was deleted: tick the box to say that the poll is to go.")
    await clients.scheduling.delete_poll(id, person.identity)
    return redirect(request, "/polls", FLASHES["poll-deleted"])


@router.post("/polls/{id}/choose")
async def choose_date(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, form: Posted
) -> Response:
    """Make one of the dates a draft event."""
    form.only("slot")
    draft = await clients.scheduling.choose_date(id, form.text("slot"), person.identity)
    return redirect(request, f"/events/{draft.slug}/edit", FLASHES["draft-made"])


@router.get("/polls/{id}/vote")
async def ask_member(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, zone: InZone = ""
) -> Response:
    """The question to a member who was asked."""
    poll = await clients.scheduling.ballot(id, person.identity)
    form, action = _said(poll), f"/polls/{id}/vote"
    return await _vote_page(request, clients, person, poll, form, action=action, zone=zone)


@router.post("/polls/{id}/vote")
async def vote_as_member(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, form: Posted
) -> Response:
    """The answer of a member who was asked."""
    poll = await clients.scheduling.ballot(id, person.identity)
    form.only(*_fields(poll))
    await clients.scheduling.vote(id, {"votes": _votes(poll, form)}, person.identity)
    return redirect(request, f"/polls/{id}/vote", FLASHES["vote-saved"])


@router.get("/polls/{secret}")
async def ask_by_link(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath, zone: InZone = ""
) -> Response:
    """The question to the bearer of a link."""
    poll = await clients.scheduling.ballot_by_secret(secret, identity_of(person))
    form, action = _said(poll), f"/polls/{secret}"
    return await _vote_page(request, clients, person, poll, form, action=action, zone=zone)


@router.post("/polls/{secret}")
async def vote_by_link(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath, form: Posted
) -> Response:
    """The answer of the bearer of a link; it can be changed on the page they come to."""
    poll = await clients.scheduling.ballot_by_secret(secret, identity_of(person))
    form.only(*_fields(poll), "name", "role")
    order = {"votes": _votes(poll, form), "name": form.text("name"), "role": form.text("role")}
    try:
        own = await clients.scheduling.vote_by_secret(secret, order, identity_of(person))
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("name", "role"))
        return await _vote_page(
            request, clients, person, poll, failed, action=f"/polls/{secret}", status=422
        )
    return redirect(request, f"/polls/{own}", FLASHES["vote-saved"])


async def _form_page(request: Request, form: Form, *, status: int = 200) -> Response:
    filled = [number for number, name in enumerate(DATES, 1) if form.text(name)]
    room = max(SHOWN_AT_FIRST, *filled, 0)
    if form.text("way") == "more":
        room = max(room, len([name for name in DATES if name in form.values])) + SHOWN_AT_FIRST
    room = min(room, MOST_DATES)
    view = PollFormPage(form=form, slots=DATES[:room], more=room < MOST_DATES, zones=zone_groups())
    return await page(request, view, status=status)


def _order(form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """The form as a request to scheduling, and what the page itself finds wrong."""
    errors: dict[str, str] = {}
    order = form.order("title", "description", "time_zone", "closes_local")
    order["slots"] = [form.text(name) for name in DATES if form.text(name).strip()]
    order["roles"] = form.words("roles")
    if not form.text("title").strip():
        errors["title"] = _("Enter what the event is called.")
    if len(order["slots"]) < 2:
        errors[DATES[0]] = _("Enter two dates at least.")
    if not form.text("closes_local").strip():
        errors["closes_local"] = _("Enter until when people can answer.")
    minutes = form.text("minutes").strip()
    if minutes.isascii() and minutes.isdigit() and len(minutes) < 6:
        order["minutes"] = int(minutes)
    else:
        errors["minutes"] = _("Enter how long it lasts: minutes in digits.")
    return order, errors


async def _invitations(
    clients: Clients, person: Person, poll: PollRead, form: Form
) -> tuple[list[dict[str, Any]], str]:
    """Those whom the organiser names, as contacts; and what is wrong with the names."""
    names = form.words("people")
    found, complaint = await contacts_named(clients, person, names, time_zone=poll.time_zone)
    role = form.text("role")
    return [
        {"contact_id": contact_id, "name": named[:200], "role": role}
        for contact_id, named in zip(found, names, strict=False)
    ], complaint


async def _results_page(
    request: Request,
    clients: Clients,
    settings: Settings,
    person: Person,
    poll: PollRead,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    known = [ballot.contact_id for ballot in poll.ballots if ballot.contact_id and not ballot.name]
    contacts = await clients.membership.contacts(known, HUB) if known else {}
    named: dict[str, str] = {}
    for ballot in poll.ballots:
        contact = contacts.get(ballot.contact_id or "")
        name = ballot.name or (contact.name if contact else _("Somebody"))
        named[ballot.id] = f"{name} ({ballot.role})" if ballot.role else name
    event = await _event_of(clients, person, poll)
    view = PollResultsPage(
        id=poll.id,
        title=poll.title,
        open=poll.open,
        closes=_closes(poll, person.time_zone),
        address=f"{settings.address}/polls/{poll.code}",
        dates=[
            Standing(
                id=slot.id,
                when=_when(poll, slot.starts_local, slot.ends_local, person.time_zone),
                yes=slot.yes,
                maybe=slot.maybe,
                no=slot.no,
                names=_names(poll, slot.id, named),
                missing=format_list(slot.missing, locale=locale(spoken())),
                suggested=slot.id == poll.suggested,
            )
            for slot in poll.slots
        ],
        voted=poll.voted,
        waiting=[named[ballot.id] for ballot in poll.ballots if not ballot.voted_at],
        roles=[Choice(role, role) for role in poll.roles],
        event=f"/events/{event.slug}" if event else "",
        event_title=event.title if event else "",
        form=form,
    )
    return await page(request, view, status=status)


def _names(
    poll: PollRead, slot_id: str, named: Mapping[str, str]
) -> list[tuple[str, Sequence[str]]]:
    """Names by what they say to a date; nothing is listed that nobody says."""
    said = [
        (
            label,
            [
                named[ballot.id]
                for ballot in poll.ballots
                if ballot.voted_at and ballot.votes.get(slot_id, "no") == choice
            ],
        )
        for choice, label in VOTES.items()
    ]
    return [(label, names) for label, names in said if names]


async def _vote_page(
    request: Request,
    clients: Clients,
    person: Person | None,
    poll: PollToVote,
    form: Form,
    *,
    action: str,
    zone: str = "",
    status: int = 200,
) -> Response:
    own_zone = zone if zone in zone_names() else person.time_zone if person else ""
    organisers = await clients.membership.contacts([poll.organiser_id], HUB)
    event = await _event_of(clients, person, poll)
    asks = poll.own is None and person is None
    organiser = organisers.get(poll.organiser_id)
    view = PollVotePage(
        title=poll.title,
        description=render(poll.description),
        organiser=organiser.name if organiser else "",
        open=poll.open,
        closes=_closes(poll, own_zone),
        dates=[
            DateToVote(
                field=field,
                when=_when(poll, slot.starts_local, slot.ends_local, own_zone),
                others=_others(slot.yes, slot.maybe),
            )
            for field, slot in zip(_fields(poll), poll.slots, strict=True)
        ],
        choices=choices(VOTES),
        roles=[Choice(role, role) for role in poll.roles] if poll.own is None else [],
        role=poll.own.role if poll.own else "",
        asks_name=asks or bool(poll.own and not poll.own.contact_id),
        answered=bool(poll.own and poll.own.voted_at),
        action=action,
        zones=zone_groups(),
        zone=own_zone or poll.time_zone,
        event=f"/events/{event.slug}" if event else "",
        event_title=event.title if event else "",
        form=form,
    )
    return await page(request, view, status=status)


async def _event_of(
    clients: Clients, person: Person | None, poll: PollBrief
) -> GatheringRead | None:
    """The gathering that came of a poll, if the reader may see it."""
    if not poll.gathering_id:
        return None
    try:
        return await clients.scheduling.gathering(poll.gathering_id, identity_of(person))
    except HubError as problem:
        # A draft is its organiser's alone, and may be deleted by now.
        if problem.status != 404:
            raise
        return None


def _fields(poll: PollToVote) -> list[str]:
    return [f"date_{number}" for number in range(1, len(poll.slots) + 1)]


def _votes(poll: PollToVote, form: Form) -> dict[str, str]:
    """What is said to each date; one that is left open is a no."""
    return {
        slot.id: form.text(field) or "no"
        for field, slot in zip(_fields(poll), poll.slots, strict=True)
    }


def _said(poll: PollToVote) -> Form:
    """The form with what the voter said before."""
    if poll.own is None:
        return Form()
    fields = zip(_fields(poll), poll.slots, strict=True)
    said = {field: [poll.own.votes[slot.id]] for field, slot in fields if slot.id in poll.own.votes}
    return Form({**said, "name": [poll.own.name]})


def _others(yes: int, maybe: int) -> str:
    """What is said to a date so far."""
    if not yes and not maybe:
        return ""
    can = ngettext("{n} can come", "{n} can come", yes).format(n=yes)
    if not maybe:
        return can
    might = ngettext("{n} if need be", "{n} if need be", maybe).format(n=maybe)
    return f"{can}, {might}"


def _when(poll: PollBrief, starts: datetime, ends: datetime, own_zone: str) -> When:
    return when(
        starts_local=starts,
        ends_local=ends,
        time_zone=poll.time_zone,
        own_zone=own_zone or None,
        today=today(),
    )


def _closes(poll: PollBrief, own_zone: str) -> str:
    shown = own_zone or poll.time_zone
    return f"{moment_in(poll.closes_at, shown, today())} ({city(shown)})"
