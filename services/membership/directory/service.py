"""Use cases of the directory: who is found, how many, and keeping it."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import update
from sqlmodel import Session, col, select

from events.envelope import new_id
from services.kit.audience import MEMBERS, PUBLIC, only, visible_to
from services.kit.errors import Forbidden, NotFound
from services.kit.identity import Identity
from services.kit.language import SOURCE, spoken
from services.membership.contacts.models import Contact
from services.membership.directory.index import Index, Looked, Query
from services.membership.directory.keeping import keep_soon
from services.membership.directory.models import Entry, Export
from services.membership.directory.rules import (
    LISTED,
    ORGANISATION,
    PERSON,
    search_words,
    shown_beside,
)
from services.membership.directory.schemas import (
    Asked,
    AskedPage,
    Count,
    ExportTaken,
    Facets,
    OrganisationsFound,
    PeopleFound,
    PersonBrief,
    PersonRead,
)
from services.membership.expertise import claims
from services.membership.expertise.models import Term
from services.membership.expertise.rules import key_of
from services.membership.expertise.vocabulary import vocabulary
from services.membership.organisations.models import Organisation
from services.membership.organisations.schemas import OrganisationBrief, OrganisationRead
from services.membership.regions import service as regions
from services.membership.regions.models import PartnerRegion

Brief = TypeVar("Brief", bound=PersonBrief)
FILL = "directory.fill"
"""The timer that fills the directory of a hub that had none."""
TERMS_SHOWN = 15
SIDES = ("citizen", "business", "research", "government", "healthcare")
_AT_ONCE = 500


def keep(session: Session, contact: Contact) -> None:
    """Bring a person's entry up to date in the transaction that changes them."""
    keep_soon(session, contact.id)


def keep_organisation(session: Session, organisation: Organisation) -> None:
    """Bring an organisation's entry up to date in the transaction that changes it."""
    keep_soon(session, organisation.id)


def forget(session: Session, contact_id: str) -> None:
    """Forget a person's entry, and that it was them who took lists away."""
    keep_soon(session, contact_id)
    connection = session.connection()
    who = col(Export.contact_id)
    connection.execute(update(Export).where(who == contact_id).values(contact_id=None))


def fill(session: Session, key: str, moment: datetime) -> None:
    """What the timer does: everybody who was there before the directory gets an entry."""
    listed = col(Contact.audience).in_(LISTED)
    for id in session.exec(select(Contact.id).where(Contact.status == "member", listed)):
        keep_soon(session, id)
    for id in session.exec(select(Organisation.id).where(col(Organisation.audience).in_(LISTED))):
        keep_soon(session, id)


def people(session: Session, index: Index, *, viewer: Identity, asked: AskedPage) -> PeopleFound:
    """Members whom the viewer may see, by name, and how many other choices would show.

    Viewers find themselves only when others can find them too.
    """
    partners = regions.listed(session)
    with index.catch_up(session) as look:
        if not _begin(look, asked, viewer, PERSON, partners):
            return PeopleFound(total=0, people=[], facets=_nothing())
        numbers = look.page(offset=asked.offset, limit=asked.limit)
        counts, total = _counted(look, asked, partners), look.total
    rows = session.exec(
        select(Entry.number, Contact, Organisation)
        .join(Contact, col(Contact.id) == col(Entry.subject_id))
        .join(Organisation, isouter=True)
        .where(
            col(Entry.number).in_(numbers),
            visible_to(col(Contact.audience), _listed_to(viewer)),
            Contact.status == "member",
        )
    ).all()
    said = claims.said_of_people(session, [contact for _number, contact, _house in rows], spoken())
    shown = {}
    for number, contact, organisation in rows:
        brief = _brief(PersonBrief.model_validate(contact), organisation)
        brief.expertise_offered, brief.expertise_sought = said[contact.id]
        shown[number] = brief
    return PeopleFound(
        total=total,
        people=[shown[number] for number in numbers if number in shown],
        facets=_facets(session, counts, partners),
    )


def organisations(
    session: Session, index: Index, *, viewer: Identity, asked: AskedPage
) -> OrganisationsFound:
    """Organisations that the viewer may see, by name, and how many other choices would show."""
    partners = regions.listed(session)
    with index.catch_up(session) as look:
        if not _begin(look, asked, viewer, ORGANISATION, partners):
            return OrganisationsFound(total=0, organisations=[], facets=_nothing())
        numbers = look.page(offset=asked.offset, limit=asked.limit)
        counts, total = _counted(look, asked, partners), look.total
    rows = session.exec(
        select(Entry.number, Organisation)
        .join(Organisation, col(Organisation.id) == col(Entry.subject_id))
        .where(
            col(Entry.number).in_(numbers),
            visible_to(col(Organisation.audience), _listed_to(viewer)),
        )
    ).all()
    said = claims.said_of_organisations(session, [found for _number, found in rows], spoken())
    shown = {
        number: OrganisationRead.model_validate(found).model_copy(
            update={"expertise": said[found.id]}
        )
        for number, found in rows
    }
    return OrganisationsFound(
        total=total,
        organisations=[shown[number] for number in numbers if number in shown],
        facets=_facets(session, counts, partners),
    )


def person(session: Session, *, viewer: Identity, id: str) -> PersonRead:
    """A member whom the viewer may see, and themselves; raises NotFound."""
    found = session.exec(
        select(Contact, Organisation)
        .join(Organisation, isouter=True)
        .where(
            Contact.id == id,
            Contact.status == "member",
            visible_to(col(Contact.audience), viewer.grants),
        )
    ).first()
    if found is None:
        raise NotFound("There is nobody here, or they do not want to be found.")
    contact, organisation = found
    shown = PersonRead.model_validate(contact)
    if MEMBERS not in viewer.grants:
        shown.roles = []
    _brief(shown, organisation)
    return shown


def take_away(
    session: Session, index: Index, *, viewer: Identity, asked: Asked, moment: datetime
) -> ExportTaken:
    """Write down that an administrator takes a list away; raises Forbidden."""
    if viewer.contact_id is not None:
        contact = session.get(Contact, viewer.contact_id)
        if contact is None or contact.status != "member" or "admin" not in contact.roles:
            raise Forbidden("Only administrators can take the directory away.")
    partners = regions.listed(session)
    with index.catch_up(session) as look:
        total = look.total if _begin(look, asked, viewer, PERSON, partners) else 0
    taken = Export(
        id=new_id(),
        contact_id=viewer.contact_id,
        asked=asked.model_dump_json(exclude_defaults=True, exclude={"q"}),
        entries=total,
        taken_at=moment,
    )
    session.add(taken)
    return ExportTaken(id=taken.id, entries=total)


def labels(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What terms are called in the reader's language; an id that nobody knows is its own name."""
    free = [id for id in ids if id.startswith("free:")]
    named: dict[str, str] = {}
    if free:
        rows = session.exec(select(Term.id, Term.label).where(col(Term.id).in_(free)))
        named = dict(rows.all())
    for id in ids:
        if id not in named:
            named[id] = _label(id, spoken())
    return named


@lru_cache(maxsize=4096)
def _label(id: str, language: str) -> str:
    word = vocabulary().find(id)
    return word.labels.get(language) or word.labels[SOURCE] if word else id


@lru_cache(maxsize=1024)
def _with_narrower(id: str) -> frozenset[str]:
    """A term and all terms below it."""
    found, waiting = {id}, [id]
    while waiting:
        below = {word.id for word in vocabulary().narrower(waiting.pop())} - found
        found |= below
        waiting.extend(below)
    return frozenset(found)


def _begin(
    look: Looked, asked: Asked, viewer: Identity, kind: str, partners: Sequence[PartnerRegion]
) -> bool:
    """Find who is asked for; False when nobody can be."""
    words = search_words(asked.q)
    if words is None:
        return False
    groups = {
        "side": frozenset(f"side:{side}" for side in asked.side),
        "region": frozenset(f"region:{code}" for code in asked.region),
        "partnership": frozenset(
            facet
            for partner in partners
            if partner.slug in asked.partnership
            for facet in _places_in(partner)
        ),
        "term": _terms("term", asked.term),
        "seeks": _terms("seeks", asked.seeks),
    }
    meant = vocabulary().meant(key_of(asked.q)) if words else None
    within = [kind]
    if asked.organisation:
        within.append(f"organisation:{asked.organisation}")
    look.begin(
        Query(
            within=within,
            audiences=sorted(_listed_to(viewer)),
            # Of a region that there is no more, nobody is found.
            groups={
                name: facets
                for name, facets in groups.items()
                if facets or (name == "partnership" and asked.partnership)
            },
            words=words,
            instead_of_words=[f"term:{id}" for id in _with_narrower(meant)] if meant else [],
            by_organisation=kind == PERSON,
        )
    )
    return True


def _terms(kind: str, ids: Sequence[str]) -> frozenset[str]:
    return frozenset(f"{kind}:{below}" for id in ids for below in _with_narrower(id))


def _places_in(partner: PartnerRegion) -> list[str]:
    """Facets of which everybody has one who is somewhere in a region of the partnership."""
    return [f"region:{code}" for code in partner.nuts_codes]


def _listed_to(viewer: Identity) -> frozenset[str]:
    """The audiences whose people a viewer finds: never those who are seen by themselves alone."""
    return frozenset({PUBLIC, MEMBERS}) & viewer.grants - {only(viewer.contact_id or "")}


def _counted(
    look: Looked, asked: Asked, partners: Sequence[PartnerRegion]
) -> dict[str, dict[str, int]]:
    """How many each choice would show, by group and facet."""
    sides = [f"side:{side}" for side in SIDES]
    places = look.count_each(
        "partnership", {partner.slug: _places_in(partner) for partner in partners}
    )
    return {
        "side": look.count("side", sides, [f"side:{side}" for side in asked.side]),
        "partnership": {
            f"partnership:{slug}": count
            for slug, count in places.items()
            if count or slug in asked.partnership
        },
        "region": look.count(
            "region",
            [found for found in look.starting("region:") if shown_beside(asked.region, found[7:])],
            [f"region:{code}" for code in asked.region],
        ),
        **{
            group: look.most(group, f"{group}:", TERMS_SHOWN)
            | look.count(group, (), [f"{group}:{id}" for id in chosen])
            for group, chosen in (("term", asked.term), ("seeks", asked.seeks))
        },
    }


def _facets(
    session: Session, counts: dict[str, dict[str, int]], partners: Sequence[PartnerRegion]
) -> Facets:
    ids = [facet.partition(":")[2] for name in ("term", "seeks") for facet in counts[name]]
    names = labels(session, list(dict.fromkeys(ids)))
    names |= {partner.slug: partner.name for partner in partners}
    made = {
        name: [
            Count(value=value, label=names.get(value, value), count=count)
            for facet, count in found.items()
            for value in (facet.partition(":")[2],)
        ]
        for name, found in counts.items()
    }
    return Facets.model_validate(made)


def _nothing() -> Facets:
    return Facets(side=[], partnership=[], region=[], term=[], seeks=[])


def _brief(shown: Brief, organisation: Organisation | None) -> Brief:
    if organisation is not None:
        shown.organisation = OrganisationBrief.model_validate(organisation)
    return shown
