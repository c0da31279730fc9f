"""What words mean, and what terms are called: the vocabulary with the free terms of people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import TermState
from events.envelope import new_id
from services.kit.audience import PUBLIC
from services.kit.errors import Invalid
from services.kit.language import SOURCE
from services.membership.claim import claim
from services.membership.expertise.models import Term
from services.membership.expertise.rules import FREE, MESH, id_of, key_of, natural
from services.membership.expertise.vocabulary import Word, vocabulary

MODERATORS = "moderators"
"""The audience of suggestions: words of their authors, until a moderator has looked at them."""
_LONGEST = 80


def resolved(
    session: Session, said: Iterable[str], *, moment: datetime, field: str
) -> dict[str, str]:
    """Term ids by what was said: an id, or words in any language, case and spelling of accents.

    Words that nobody knows become suggestions. Every term has its row, and is told, afterwards.
    Raises Invalid for an id that is not known.
    """
    ids: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for words in said:
        id = id_of(words)
        found = vocabulary().find(id) if id and not id.startswith(FREE) else None
        if found:
            ids[words] = found.id
        elif id:
            ids[words] = _free(session, id, field)
        elif known := vocabulary().meant(key_of(words)):
            ids[words] = known
        else:
            unknown[words] = key_of(words)
    ids |= _suggested(session, unknown, moment)
    _tell_all(session, set(ids.values()), moment)
    return ids


def named(session: Session, ids: Sequence[str]) -> dict[str, Word]:
    """Terms by their ids; those nobody knows are left out."""
    found = {id: word for id in ids if (word := vocabulary().find(id))}
    free = [id for id in ids if id.startswith(FREE)]
    if free:
        rows = session.exec(select(Term).where(col(Term.id).in_(free)))
        found |= {row.id: word_of(row) for row in rows}
    return found


def suggestions(session: Session, ids: Iterable[str]) -> set[str]:
    """Those of these terms that no moderator has looked at."""
    free = [id for id in ids if id.startswith(FREE)]
    if not free:
        return set()
    wanted = select(Term.id).where(col(Term.id).in_(free), Term.status == "suggested")
    return set(session.exec(wanted))


def as_words(id: str, label: str) -> str:
    """A term as forms write it: its label without commas, or the id where that is too long."""
    words = natural(label) if id.startswith(MESH) else label.replace(",", " ")
    return words if len(words) <= _LONGEST else id.lower()


def words_in(session: Session, ids: Iterable[Iterable[str]], language: str) -> dict[str, str]:
    """All these terms as forms in this language write them; in English in small letters."""
    found = named(session, list(dict.fromkeys(id for some in ids for id in some)))
    words = {id: as_words(id, word.label(language)) for id, word in found.items()}
    if language == SOURCE:
        return {id: said.lower() for id, said in words.items()}
    return words


def word_of(row: Term) -> Word:
    """The term of a row; what the vocabulary no longer has keeps its last name."""
    found = vocabulary().find(row.id)
    return found or Word(row.id, row.scheme, {SOURCE: row.label})  # type: ignore[arg-type]


def tell(session: Session, row: Term) -> None:
    """Tell a term as it is now; the caller has raised its version when it was told before."""
    word = word_of(row)
    row.told = digest(word)
    session.add(row)
    session.flush()
    outbox.add(
        session,
        TermState(
            id=row.id,
            version=row.version,
            audience=row.audience,
            scheme=word.scheme,
            status=row.status,
            labels=dict(word.labels),
            synonyms=word.synonyms,
            broader=word.broader,
            mapped_to=row.mapped_to,
        ),
    )


def digest(word: Word) -> str:
    """What a term says, in short: another one has to be told."""
    said = repr((sorted(word.labels.items()), word.synonyms, word.broader))
    return sha256(said.encode()).hexdigest()


def _free(session: Session, id: str, field: str) -> str:
    row = session.get(Term, id)
    if row is None:
        raise Invalid("This term is not known. Please write it in words.", field=field)
    return row.mapped_to or row.id


def _suggested(session: Session, unknown: dict[str, str], moment: datetime) -> dict[str, str]:
    """Free terms of these words (by words, with their keys); made where there are none."""
    if not unknown:
        return {}
    known = _by_key(session, unknown.values())
    # In one order for everybody: two at once wait for each other, never both.
    for words, key in sorted(unknown.items(), key=lambda entry: entry[1]):
        if key in known:
            continue
        row = Term(
            id=f"{FREE}{new_id()}", version=1, audience=MODERATORS, scheme="free",
            status="suggested", told="", label=words[:_LONGEST], key=key, made_at=moment,
        )  # fmt: skip
        if claim(session, row, key="key"):
            row = session.get_one(Term, row.id)
            tell(session, row)
            known[key] = row
        else:
            known |= _by_key(session, [key])
    return {words: known[key].mapped_to or known[key].id for words, key in unknown.items()}


def _by_key(session: Session, keys: Iterable[str]) -> dict[str, Term]:
    rows = session.exec(select(Term).where(col(Term.key).in_(set(keys))))
    return {row.key or "": row for row in rows}


def _tell_all(session: Session, ids: set[str], moment: datetime) -> None:
    """Tell terms of the vocabulary that are claimed for the first time, or say something new."""
    wanted = {id for id in ids if not id.startswith(FREE)}
    if not wanted:
        return
    rows = {row.id: row for row in session.exec(select(Term).where(col(Term.id).in_(wanted)))}
    for id in sorted(wanted):
        word = vocabulary().find(id)
        if word is None:
            continue
        row = rows.get(id)
        if row is None:
            fresh = Term(
                id=id, version=1, audience=PUBLIC, scheme=word.scheme, status="current",
                told="", label=word.labels[SOURCE][:_LONGEST], made_at=moment,
            )  # fmt: skip
            if claim(session, fresh, key="id"):
                tell(session, session.get_one(Term, id))
        elif row.told != digest(word):
            row = session.get_one(Term, id, with_for_update=True, populate_existing=True)
            if row.told != digest(word):
                row.version += 1
                tell(session, row)
