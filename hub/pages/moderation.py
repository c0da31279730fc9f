"""The desk of moderators and administrators: what waits, and people with their roles."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from hub.choices import Choice
from hub.clients import AccountBrief, AccountRead, Clients, GrantRead
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, Words, address, skipped
from hub.pages.asking import ClientsOf, IdPath
from hub.pages.cards import today
from hub.regions import region_groups, region_name
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, sessions_of
from hub.views.flashes import FLASHES
from hub.views.moderation import (
    AccountPage,
    AccountRow,
    AccountsPage,
    DeskPage,
    DeskWay,
    HeldRole,
    LogRow,
)
from hub.views.shell import Pager
from hub.words import ROLES, SIDES
from services.kit.errors import Forbidden, HubError
from services.kit.language import _, ngettext
from services.kit.times import moment_in

GRANTED = ("organiser", "coordinator", "moderator", "admin")
FIELDS = ("role", "region_code", "reason", "email")
SHOWN_BESIDE_FIELDS = (404, 409, 422)
router = APIRouter(prefix="/moderation")


async def moderator(person: SignedIn) -> Person:
    """FastAPI dependency: someone who moderates."""
    if not person.has("moderator"):
        raise Forbidden(_("Only moderators and administrators of the hub can see this."))
    return person


Moderator = Annotated[Person, Depends(moderator)]


@router.get("")
async def desk(request: Request, clients: ClientsOf, person: Moderator) -> Response:
    """What moderators look after, and how much of it waits."""
    waiting = await clients.membership.waiting(person.identity)
    view = DeskPage(
        ways=[
            DeskWay(
                "/moderation/people",
                _("People"),
                _("Find an account, listed or not; give roles; close an account for now."),
                "people",
            ),
            DeskWay(
                "/moderation/terms",
                _("Suggested expertise"),
                _("Words that members suggested: say what they mean, or keep them."),
                "lightbulb",
                [
                    ngettext("{n} suggestion waits", "{n} suggestions wait", waiting.terms).format(
                        n=waiting.terms
                    )
                ]
                if waiting.terms
                else [],
            ),
            DeskWay(
                "/moderation/organisations",
                _("Organisations"),
                _("Verify organisations, decide who speaks for them, join doubles."),
                "organisation",
                [
                    said.format(n=count)
                    for said, count in (
                        (
                            ngettext(
                                "{n} is not verified", "{n} are not verified", waiting.organisations
                            ),
                            waiting.organisations,
                        ),
                        (
                            ngettext(
                                "{n} person asks to speak for one that nobody owns",
                                "{n} people ask to speak for one that nobody owns",
                                waiting.asks,
                            ),
                            waiting.asks,
                        ),
                    )
                    if count
                ],
            ),
        ]
    )
    return await page(request, view)


@router.get("/people")
async def accounts(
    request: Request, clients: ClientsOf, person: Moderator, q: Words = "", number: PageNumber = 1
) -> Response:
    """Accounts, whether or not anybody else finds them."""
    return await _accounts_page(request, clients, person, query=q.strip(), number=number)


@router.post("/people")
async def look_up(
    request: Request, clients: ClientsOf, person: Moderator, form: Posted
) -> Response:
    """The same by name or e-mail address; sent, for an address belongs in no page's address."""
    form.only("q")
    return await _accounts_page(request, clients, person, query=form.text("q").strip(), number=1)


@router.get("/people/{id}")
async def account(request: Request, clients: ClientsOf, person: Moderator, id: IdPath) -> Response:
    """One account: its roles, whether it is open, and what was done to it."""
    return await _account_page(request, clients, person, id, Form())


@router.post("/people/{id}/roles")
async def grant(
    request: Request, clients: ClientsOf, person: Moderator, id: IdPath, form: Posted
) -> Response:
    """Give a role."""
    form.only("role", "region_code")
    order = form.order("role", "region_code")
    if form.text("role") != "coordinator":
        # The field stands beside every role; it says something of coordinators only.
        order.pop("region_code", None)
    return await _done(
        request, clients, person, id, form,
        clients.membership.grant_role(id, order, person.identity), "role-granted",
    )  # fmt: skip


@router.post("/people/{id}/roles/withdraw")
async def withdraw(
    request: Request, clients: ClientsOf, person: Moderator, id: IdPath, form: Posted
) -> Response:
    """Take a role away."""
    form.only("role", "region_code")
    order = form.order("role", "region_code")
    return await _done(
        request, clients, person, id, form,
        clients.membership.withdraw_role(id, order, person.identity), "role-withdrawn",
    )  # fmt: skip


@router.post("/people/{id}/roles/hand-over")
async def hand_over(
    request: Request, clients: ClientsOf, person: Moderator, id: IdPath, form: Posted
) -> Response:
    """Pass a role on to whoever has this address."""
    form.only("role", "region_code", "email")
    email = form.text("email").strip()
    found = await clients.membership.accounts(person.identity, q=email) if "@" in email else None
    if found is None or not found.accounts:
        failed = form.with_errors(email=_("No account has this address."))
        return await _account_page(request, clients, person, id, failed, status=422)
    order = {**form.order("role", "region_code"), "to_id": found.accounts[0].id}
    return await _done(
        request, clients, person, id, form,
        clients.membership.hand_over_role(id, order, person.identity), "role-handed-over",
        found.accounts[0].id,
    )  # fmt: skip


@router.post("/people/{id}/suspend")
async def suspend(
    request: Request, clients: ClientsOf, person: Moderator, id: IdPath, form: Posted
) -> Response:
    """Close an account for now."""
    form.only("reason")
    if not form.text("reason").strip():
        failed = form.with_errors(reason=_("Say why, for those who look at this later."))
        return await _account_page(request, clients, person, id, failed, status=422)
    return await _done(
        request, clients, person, id, form,
        clients.membership.suspend(id, form.text("reason"), person.identity), "suspended",
    )  # fmt: skip


@router.post("/people/{id}/reinstate")
async def reinstate(
    request: Request, clients: ClientsOf, person: Moderator, id: IdPath, form: Posted
) -> Response:
    """Open an account again."""
    form.only()
    return await _done(
        request, clients, person, id, form,
        clients.membership.reinstate(id, person.identity), "reinstated",
    )  # fmt: skip


async def _done(
    request: Request,
    clients: Clients,
    person: Person,
    id: str,
    form: Form,
    doing: Awaitable[object],
    flash: str,
    *changed: str,
) -> Response:
    """Do it and go back to the account; a complaint stands on its page."""
    try:
        await doing
    except HubError as problem:
        if problem.status not in SHOWN_BESIDE_FIELDS:
            raise
        failed = form.failed(problem, FIELDS)
        return await _account_page(request, clients, person, id, failed, status=problem.status)
    for contact_id in (id, *changed):
        # What they may do is something else from their next page on.
        sessions_of(request).drop(contact_id=contact_id)
    return redirect(request, f"/moderation/people/{id}", FLASHES[flash])


async def _accounts_page(
    request: Request, clients: Clients, person: Person, *, query: str, number: int
) -> Response:
    found = await clients.membership.accounts(
        person.identity, q=query, limit=SHOWN, offset=skipped(number)
    )

    def way(to: int) -> str:
        shown = "" if "@" in query else query
        return address("/moderation/people", q=shown, page=str(to) if to > 1 else "")

    view = AccountsPage(
        accounts=[_row(account) for account in found.accounts],
        total=found.total,
        form=Form({"q": [query]}),
        pager=Pager(
            number,
            way(number - 1) if number > 1 else "",
            way(number + 1) if number * SHOWN < found.total else "",
        ),
    )
    return await page(request, view)


async def _account_page(
    request: Request, clients: Clients, person: Person, id: str, form: Form, status: int = 200
) -> Response:
    found = await clients.membership.account(id, person.identity)
    admin = person.has("admin")
    held = [grant for grant in found.grants if grant.withdrawn_at is None]
    view = AccountPage(
        account=_row(found),
        joined=moment_in(found.created_at, person.time_zone, today()),
        held=[
            HeldRole(grant.role, ROLES[grant.role], grant.region_code or "", _place(grant))
            for grant in held
        ],
        log=_log(found, person),
        form=form,
        roles=[Choice(role, ROLES[role]) for role in GRANTED],
        regions=region_groups(),
        can_change_roles=admin and found.status == "member",
        can_suspend=found.status == "member"
        and id != person.contact_id
        and (admin or not {"moderator", "admin"} & set(found.roles)),
    )
    return await page(request, view, status=status)


def _row(account: AccountBrief) -> AccountRow:
    side = account.helix_side or ""
    return AccountRow(
        id=account.id,
        name=account.name,
        side=side,
        side_label=SIDES.get(side, ""),
        region=region_name(account.region_code),
        suspended=account.status == "suspended",
        roles=[ROLES[role] for role in account.roles if role != "member"],
    )


def _place(grant: GrantRead) -> str:
    return region_name(grant.region_code)


def _log(found: AccountRead, person: Person) -> list[LogRow]:
    """What was done to the account and by whom, the newest first."""

    def who(id: str | None) -> str:
        return found.names.get(id or "", _("The hub itself, or somebody who has left"))

    entries = []
    for grant in found.grants:
        role = ", ".join(filter(None, (ROLES[grant.role], _place(grant))))
        given = _("Role given: {role}").format(role=role)
        entries.append((grant.granted_at, given, "", who(grant.granted_by)))
        if grant.withdrawn_at:
            taken = _("Role withdrawn: {role}").format(role=role)
            entries.append((grant.withdrawn_at, taken, "", who(grant.withdrawn_by)))
    for closed in found.suspensions:
        entries.append(
            (closed.suspended_at, _("Suspended"), closed.reason, who(closed.suspended_by))
        )
        if closed.reinstated_at:
            entries.append((closed.reinstated_at, _("Reinstated"), "", who(closed.reinstated_by)))
    entries.sort(key=lambda entry: entry[0], reverse=True)
    return [
        LogRow(moment_in(moment, person.time_zone, today()), what, reason, by)
        for moment, what, reason, by in entries
    ]
