"""Use cases of the vocabulary: browsing it, one term, and what fits while somebody types."""

from collections import Counter
from collections.abc import Iterable

from sqlmodel import Session, col, func, select

from services.kit.audience import visible_to
from services.kit.errors import NotFound
from services.kit.identity import Identity
from services.kit.language import spoken
from services.membership.contacts.models import Contact
from services.membership.expertise import mesh
from services.membership.expertise.models import Claim, Endorsement, OrganisationTerm, Term
from services.membership.expertise.naming import as_words, named, word_of
from services.membership.expertise.rules import FREE, key_of, rank_of
from services.membership.expertise.schemas import (
    Offerer,
    Suggestion,
    TermCount,
    TermRead,
    Theme,
    Vocabularies,
)
from services.membership.expertise.service import brief
from services.membership.expertise.vocabulary import Word, vocabulary
from services.membership.organisations.models import Organisation
from services.membership.organisations.schemas import OrganisationBrief

MOST_SUGGESTED = 10
MOST_SHOWN = 60
"""People and organisations on the page of a term; the directory has them all."""


def themes(session: Session) -> Vocabularies:
    """The whole vocabulary of the hub with how many offer and seek each term, and what else is
    offered and sought: MeSH headings, and words that moderators accepted.
    """
    counts = _Counts(session)
    words = vocabulary()
    shown: list[Theme] = []
    for theme in words.themes():
        below = _below(theme)
        shown.append(Theme(term=brief(theme), terms=[counts.of(word) for word in below]))
    others = [
        word for id, word in named(session, sorted(counts.ids)).items() if id not in words.words
    ]
    open_ones = session.exec(select(Term.id).where(Term.status != "current"))
    hidden = set(open_ones)
    ranked = sorted(
        (counts.of(word) for word in others if word.id not in hidden),
        key=lambda count: (-count.people - count.organisations - count.seekers, count.term.label),
    )
    return Vocabularies(themes=shown, others=ranked[:MOST_SHOWN])


def term(session: Session, *, id: str, viewer: Identity) -> TermRead:
    """One term with who offers it, as far as the viewer may see them; raises NotFound.

    A term that was mapped to another is that one. Suggestions have no page.
    """
    word = _current(session, id)
    counts = _Counts(session, word.id)
    words = vocabulary()
    near = _Counts(session, *(below.id for below in words.narrower(word.id)))
    return TermRead(
        count=counts.of(word),
        labels=dict(word.labels),
        synonyms=list(word.synonyms),
        broader=[brief(words.words[above]) for above in word.broader],
        narrower=[near.of(below) for below in words.narrower(word.id)],
        people=_people(session, word.id, viewer),
        organisations=_organisations(session, word.id, viewer),
        heading=mesh.headings().named(word.same_as) if word.same_as else None,
    )


def suggested(session: Session, *, query: str, limit: int = MOST_SUGGESTED) -> list[Suggestion]:
    """Terms that fit what somebody types, in the language spoken now; the hub's own first, then
    words that moderators accepted, then MeSH.
    """
    key = key_of(query)
    if not key:
        return []
    language = spoken()
    offers = vocabulary().beginning(query, language, limit)
    own = [_suggestion(offer.word, offer.matched) for offer in offers if offer.word.scheme == "hub"]
    rest = [_suggestion(offer.word) for offer in offers if offer.word.scheme != "hub"]
    if len(own) < limit:
        accepted = session.exec(
            select(Term)
            .where(
                Term.scheme == "free",
                Term.status == "current",
                col(Term.key).startswith(key, autoescape=True)
                | col(Term.key).contains(f" {key}", autoescape=True),
            )
            .order_by(col(Term.key))
            .limit(limit)
        )
        own += [_suggestion(word_of(row)) for row in accepted]
    return (own + rest)[:limit]


def _suggestion(word: Word, matched: str = "") -> Suggestion:
    label = word.label(spoken())
    hint = "MeSH" if word.scheme == "mesh" else ""
    if matched and key_of(matched) != key_of(label):
        hint = matched
    elif word.broader:
        hint = vocabulary().words[word.broader[0]].label(spoken())
    return Suggestion(value=as_words(word.id, label), label=label, hint=hint)


def _below(theme: Word) -> list[Word]:
    """All terms below a theme, each once, a narrower one after its broader one."""
    found: dict[str, Word] = {}
    waiting = [theme]
    while waiting:
        word = waiting.pop()
        if word.id in found:
            continue
        found[word.id] = word
        waiting += reversed(vocabulary().narrower(word.id))
    return list(found.values())[1:]


def _current(session: Session, id: str) -> Word:
    word = vocabulary().find(id)
    if word is None and id.startswith(FREE):
        row = session.get(Term, id)
        if row and row.mapped_to:
            return _current(session, row.mapped_to)
        word = word_of(row) if row and row.status == "current" else None
    if word is None:
        raise NotFound("This term is not known.")
    return word


class _Counts:
    """How many offer and seek terms, of those who can be found: numbers only, for everybody."""

    def __init__(self, session: Session, *ids: str) -> None:
        people = select(Claim.kind, Claim.term_id, func.count()).where(
            Claim.holder == "contact", col(Claim.listed)
        )
        houses = select(OrganisationTerm.term_id, func.count()).where(OrganisationTerm.told())
        if ids:
            people = people.where(col(Claim.term_id).in_(ids))
            houses = houses.where(col(OrganisationTerm.term_id).in_(ids))
        self._people: Counter[tuple[str, str]] = Counter()
        for kind, term_id, number in session.exec(
            people.group_by(col(Claim.kind), col(Claim.term_id))
        ):
            self._people[kind, term_id] = number
        self._houses = dict(session.exec(houses.group_by(col(OrganisationTerm.term_id))).all())

    @property
    def ids(self) -> set[str]:
        """All terms that somebody offers or seeks."""
        return {term_id for _kind, term_id in self._people} | set(self._houses)

    def of(self, word: Word) -> TermCount:
        """The numbers of one term."""
        return TermCount(
            term=brief(word),
            people=self._people["offered", word.id],
            organisations=self._houses.get(word.id, 0),
            seekers=self._people["sought", word.id],
        )


def _people(session: Session, term_id: str, viewer: Identity) -> list[Offerer]:
    """The first who offer a term, those who know it best before others."""
    found = session.exec(
        select(Claim, Contact, Organisation)
        .join(Contact, Claim.holder_id == Contact.id)  # type: ignore[arg-type]
        .join(Organisation, Contact.organisation_id == Organisation.id, isouter=True)  # type: ignore[arg-type]
        .where(
            Claim.term_id == term_id,
            Claim.kind == "offered",
            col(Claim.listed),
            visible_to(col(Contact.audience), viewer.grants),
        )
        .order_by(col(Claim.level) == "learning", col(Claim.level) != "leading", Contact.name)
        .limit(MOST_SHOWN)
    ).all()
    endorsed = _endorsed(session, term_id, (contact.id for _claim, contact, _house in found))
    people = [
        Offerer(
            id=contact.id,
            name=contact.name,
            level=claim.level,
            endorsed=endorsed.get(contact.id, 0),
            organisation=OrganisationBrief.model_validate(house) if house else None,
        )
        for claim, contact, house in found
    ]
    return sorted(people, key=lambda one: (-rank_of(one.level), -one.endorsed, one.name))


def _endorsed(session: Session, term_id: str, ids: Iterable[str]) -> dict[str, int]:
    wanted = select(Endorsement.contact_id, func.count()).where(
        Endorsement.term_id == term_id, col(Endorsement.contact_id).in_(list(ids))
    )
    return dict(session.exec(wanted.group_by(col(Endorsement.contact_id))).all())


def _organisations(session: Session, term_id: str, viewer: Identity) -> list[OrganisationBrief]:
    found = session.exec(
        select(Organisation)
        .join(OrganisationTerm, OrganisationTerm.organisation_id == Organisation.id)  # type: ignore[arg-type]
        .where(
            OrganisationTerm.term_id == term_id,
            OrganisationTerm.told(),
            visible_to(col(Organisation.audience), viewer.grants),
        )
        .order_by(Organisation.name)
        .limit(MOST_SHOWN)
    )
    return [OrganisationBrief.model_validate(organisation) for organisation in found]
