"""Expertise: the vocabulary and who knows what, one's own, confirming others', and suggestions."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from hub.choices import choices
from hub.clients import ClaimRead, Clients, ExpertiseRead, TermBrief, TermCount
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, Words, address, paged, skipped
from hub.pages.asking import ClientsOf, IdPath
from hub.pages.moderation import Moderator
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, Visitor, identity_of
from hub.views.expertise import (
    ClaimRow,
    Claims,
    ExpertisePage,
    MyExpertisePage,
    Offers,
    SuggestedRow,
    SuggestedTermsPage,
    TermPage,
    TermRow,
    ThemeRow,
)
from hub.views.flashes import FLASHES
from hub.words import I_KNOW, LEVELS
from services.kit.errors import HubError
from services.kit.language import LANGUAGES, speaking, spoken

TermPath = Annotated[str, Path(pattern=r"^(hub:[a-z0-9-]{1,40}|mesh:D\d{6,9}|free:[0-9a-f-]{36})$")]
PlainLanguage = Annotated[str, Query(pattern=r"^[a-z]{2}$")]
SHORTEST = 2
"""Letters from which terms are suggested."""
MOST = 30
"""Terms that one person offers."""
PLOTTED = 8
"""Bars of one theme; the rest is in the table and the list."""
FIELDS = ("term", "level", "proof", "drop")
MINE = ("more", "expertise_sought", *(f"{name}-{row}" for name in FIELDS for row in range(MOST)))
router = APIRouter()


@router.get("/suggest/expertise")
async def suggest_expertise(
    clients: ClientsOf, q: Words = "", language: PlainLanguage | None = None
) -> list[dict[str, str]]:
    """Terms that fit what is being typed, in the reader's language, for fields that take them."""
    if len(q.strip()) < SHORTEST:
        return []
    with speaking(language or spoken()):
        found = await clients.membership.matching_terms(q)
    return [term.model_dump() for term in found]


@router.get("/expertise")
async def vocabulary(request: Request, clients: ClientsOf) -> Response:
    """The vocabulary by themes, and what this community offers and seeks."""
    found = await clients.membership.terms()
    themes = []
    for theme in found.themes:
        rows = [term_row(count) for count in theme.terms]
        used = sorted(
            (row for row in rows if row.offering or row.seekers),
            key=lambda row: (-row.offering, -row.seekers, row.label),
        )
        slug = theme.term.id.partition(":")[2]
        themes.append(ThemeRow(slug, theme.term.label, path_of(theme.term), rows, used[:PLOTTED]))
    view = ExpertisePage(
        themes=themes,
        others=[term_row(count) for count in found.others],
        terms=len({row.path for theme in themes for row in theme.terms}),
    )
    return await page(request, view)


@router.get("/expertise/{id}")
async def term(request: Request, clients: ClientsOf, visitor: Visitor, id: TermPath) -> Response:
    """One term, and who offers it."""
    found = await clients.membership.term(id, identity_of(visitor))
    row = term_row(found.count)
    view = TermPage(
        row=row,
        labels=[
            (language, name, found.labels[language])
            for language, name in LANGUAGES.items()
            if language in found.labels
        ],
        synonyms=found.synonyms,
        broader=[(path_of(above), above.label) for above in found.broader],
        narrower=[term_row(count) for count in found.narrower],
        people=[
            Offers(
                name=one.name,
                path=f"/people/{one.id}",
                organisation=one.organisation.name if one.organisation else "",
                level=LEVELS[one.level],
                endorsed=one.endorsed,
            )
            for one in found.people
        ],
        organisations=[(f"/organisations/{one.slug}", one.name) for one in found.organisations],
        heading=found.heading or "",
        of_mesh=found.count.term.scheme == "mesh",
        directory=address("/people", term=found.count.term.id),
    )
    return await page(request, view)


@router.get("/me/expertise")
async def mine(request: Request, clients: ClientsOf, person: SignedIn) -> Response:
    """What the member knows and looks for, as a form."""
    found = await clients.membership.expertise(person.contact_id, person.identity)
    return await _mine(request, _filled(found), found)


@router.post("/me/expertise")
async def save_mine(
    request: Request, clients: ClientsOf, person: SignedIn, form: Posted
) -> Response:
    """Save what the member knows, how well and where that can be seen, and what they look for."""
    form.only(*MINE)
    rows = [row for row in range(MOST) if form.text(f"term-{row}").strip()]
    kept = [row for row in rows if not form.ticked(f"drop-{row}")]
    offered = [
        {
            "term": form.text(f"term-{row}"),
            "level": form.text(f"level-{row}") or None,
            "proof": form.text(f"proof-{row}").strip() or None,
        }
        for row in kept
    ]
    offered += [{"term": words} for words in form.words("more")]
    wanted = {"offered": offered, "sought": form.words("expertise_sought")}
    try:
        await clients.membership.declare_expertise(wanted, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        found = await clients.membership.expertise(person.contact_id, person.identity)
        failed = _complained(form, problem, kept)
        return await _mine(request, failed, found, status=422)
    return redirect(request, "/me/expertise", FLASHES["expertise-saved"])


@router.post("/people/{id}/confirm")
async def confirm(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, form: Posted
) -> Response:
    """Confirm what another member knows, or take that back."""
    form.only("term", "way")
    term_id = quote(form.text("term"), safe=":")
    if form.text("way") == "withdraw":
        await clients.membership.withdraw_endorsement(id, term_id, person.identity)
        return redirect(request, f"/people/{id}", FLASHES["endorsement-withdrawn"])
    await clients.membership.endorse(id, term_id, person.identity)
    return redirect(request, f"/people/{id}", FLASHES["endorsed"])


@router.get("/moderation/terms")
async def suggested(
    request: Request, clients: ClientsOf, person: Moderator, number: PageNumber = 1
) -> Response:
    """Words of members that wait for a moderator."""
    return await _suggested(request, clients, person, number=number)


@router.post("/moderation/terms/{id}/map")
async def map_term(
    request: Request, clients: ClientsOf, person: Moderator, id: TermPath, form: Posted
) -> Response:
    """Say what suggested words mean."""
    form.only("into")
    try:
        await clients.membership.map_term(id, form.text("into").strip(), person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("into",))
        return await _suggested(request, clients, person, form=failed, refused=id, status=422)
    return redirect(request, "/moderation/terms", FLASHES["term-mapped"])


@router.post("/moderation/terms/{id}/accept")
async def accept_term(
    request: Request, clients: ClientsOf, person: Moderator, id: TermPath
) -> Response:
    """Let suggested words be a term of this community."""
    await clients.membership.accept_term(id, person.identity)
    return redirect(request, "/moderation/terms", FLASHES["term-accepted"])


@router.post("/moderation/terms/{id}/refuse")
async def refuse_term(
    request: Request, clients: ClientsOf, person: Moderator, id: TermPath
) -> Response:
    """Take suggested words away."""
    await clients.membership.refuse_term(id, person.identity)
    return redirect(request, "/moderation/terms", FLASHES["term-refused"])


def claims_of(found: ExpertiseRead) -> Claims:
    """What a person knows and looks for, for the part of a page that shows it."""
    return Claims(
        contact_id=found.contact_id,
        offered=[_claim_row(claim) for claim in found.offered],
        sought=[(term.label, path_of(term)) for term in found.sought],
        can_endorse=found.can_endorse,
    )


def path_of(term: TermBrief) -> str:
    """The page of a term; suggestions have none."""
    return f"/expertise/{term.id}" if term.status == "current" else ""


def term_row(count: TermCount) -> TermRow:
    """A term with its numbers."""
    return TermRow(
        label=count.term.label,
        path=path_of(count.term),
        people=count.people,
        organisations=count.organisations,
        seekers=count.seekers,
    )


def _claim_row(claim: ClaimRead) -> ClaimRow:
    return ClaimRow(
        term_id=claim.term.id,
        label=claim.term.label,
        path=path_of(claim.term),
        level=LEVELS[claim.level],
        proof=claim.proof or "",
        endorsed=claim.endorsed,
        endorsers=[(f"/people/{one.id}", one.name) for one in claim.endorsers],
        own=claim.own_endorsement,
    )


def _filled(found: ExpertiseRead) -> Form:
    values = {"expertise_sought": [", ".join(term.words for term in found.sought)]}
    for row, claim in enumerate(found.offered):
        values[f"term-{row}"] = [claim.term.id]
        values[f"level-{row}"] = [claim.level]
        values[f"proof-{row}"] = [claim.proof or ""]
    return Form(values)


def _complained(form: Form, problem: HubError, kept: list[int]) -> Form:
    """The form with complaints beside its rows: the service counts only those that are sent."""
    errors: dict[str, str] = {}
    for item in getattr(problem, "errors", ()):
        field, _dot, rest = item["field"].partition(".")
        place, _dot, part = rest.partition(".")
        if field == "offered" and place.isdigit() and int(place) < len(kept):
            name = part if part in FIELDS else "term"
            errors.setdefault(f"{name}-{kept[int(place)]}", item["message"])
        elif field in ("offered", "expertise_offered"):
            errors.setdefault("more", item["message"])
        else:
            errors.setdefault("expertise_sought", item["message"])
    return form.with_errors(**errors) if errors else form.failed(problem, ())


async def _mine(
    request: Request, form: Form, found: ExpertiseRead, *, status: int = 200
) -> Response:
    known = {claim.term.id: claim.term.label for claim in found.offered}
    numbers = [row for row in range(MOST) if form.text(f"term-{row}").strip()]
    written = {row: form.text(f"term-{row}") for row in numbers}
    view = MyExpertisePage(
        form=form,
        numbers=numbers,
        levels=choices(I_KNOW),
        names={row: known.get(words, words) for row, words in written.items()},
    )
    return await page(request, view, status=status)


async def _suggested(
    request: Request,
    clients: Clients,
    person: Person,
    *,
    number: int = 1,
    form: Form | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    found = await clients.membership.suggested_terms(
        person.identity, limit=SHOWN + 1, offset=skipped(number)
    )
    shown, pager = paged(found, number, "/moderation/terms")
    view = SuggestedTermsPage(
        rows=[
            SuggestedRow(
                id=one.term.id,
                label=one.term.label,
                offered=one.offered,
                sought=one.sought,
                likely=[(term.id, term.label) for term in one.likely],
            )
            for one in shown
        ],
        pager=pager,
        form=form or Form(),
        refused=refused,
    )
    return await page(request, view, status=status)
