"""Use cases of imports: a batch of rows becomes people or organisations, each of them once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, text
from sqlmodel import Session, col

from events import outbox
from events.catalogue.membership import ContactState
from events.envelope import new_id
from services.kit.audience import only
from services.kit.errors import HubError
from services.kit.identity import Identity
from services.kit.language import N_, _
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.imports.models import ImportedOrganisation, Invitation
from services.membership.imports.rules import digest, read, told_apart
from services.membership.imports.schemas import (
    Batch,
    BatchResult,
    ImportedMember,
    ImportedOrganisationRow,
    MembersBatch,
    Outcome,
    RowProblem,
)
from services.membership.joining import invitations
from services.membership.organisations import service as organisations
from services.membership.organisations.models import Organisation
from services.membership.organisations.rules import country_of, folded, name_key
from services.membership.organisations.schemas import OrganisationUpdate

INVITED = "invited"
TAKEN_NAME = N_("Another organisation has this name. Please check whether both are one.")
_ITSELF = Identity(None, ("hub", "admin"))
_PLAIN = ("name", "helix_side", "region_code", "language", "time_zone")
_TERMS = ("expertise_offered", "expertise_sought")
_COPIED = (*_PLAIN, *_TERMS)
_CONTACTS = Contact.__table__  # type: ignore[attr-defined]
_GIVEN = ("id", "audience", "email", "organisation_id", "words", "created_at", *_COPIED)
_BLANK = Contact(
    id="", version=1, audience="", status=INVITED, name="", email="", language="",
    time_zone="", words="", created_at=datetime.min.replace(tzinfo=UTC),
).model_dump()  # fmt: skip
# What is alike in every row stands in the statement: to bind it each time costs a third.
_INSERT = insert(_CONTACTS).values(
    {
        **{name: bindparam(name) for name in _GIVEN},
        **{
            name: literal_column("'[]'") if value == [] else value
            for name, value in _BLANK.items()
            if name not in _GIVEN and value is not None
        },
    }
)
_KNOWN = select(_CONTACTS.c["id", "email", "status", "organisation_id", *_COPIED])


def members(session: Session, *, batch: MembersBatch, moment: datetime) -> BatchResult:
    """Make contacts of new rows and correct those of earlier imports that nobody has accepted.

    Whoever came by themselves is left as they are. With an invitation everybody who has none yet
    is asked whether they want to join.
    """
    rows, problems = read(ImportedMember, batch.rows)
    _alone(session)
    wanted = {row.email: row for row in rows if row}
    known = {
        found.email: found
        for found in session.connection().execute(_KNOWN.where(_CONTACTS.c.email.in_(wanted)))
    }
    firms = _organisations_named(session, list(wanted.values()), batch, moment)
    outcomes: list[Outcome] = []
    fresh: list[dict[str, Any]] = []
    corrected: dict[str, tuple[int, dict[str, Any]]] = {}
    seen: set[str] = set()
    for row in rows:
        if row is None:
            outcomes.append("wrong")
        elif row.email in seen:
            outcomes.append("again")
        else:
            seen.add(row.email)
            values = {name: getattr(row, name) for name in _COPIED}
            firm = firms.get(name_key(row.organisation)) if row.organisation else None
            values["organisation_id"] = firm
            there = known.get(row.email)
            if there is None:
                fresh.append({"email": row.email, **values})
                outcomes.append("made")
            elif there.status != INVITED:
                outcomes.append("known")
            elif any(getattr(there, name) != value for name, value in values.items()):
                corrected[there.id] = (len(outcomes), values)
                outcomes.append("changed")
            else:
                outcomes.append("same")
    result = BatchResult(outcomes=outcomes, problems=problems)
    if batch.dry_run:
        return result
    if fresh:
        _bring(session, fresh, moment)
    for id, (number, values) in sorted(corrected.items()):
        contact = contacts.locked(session, id)
        if contact.status != INVITED:
            # They came by themselves since the batch was looked at: what they say holds.
            result.outcomes[number] = "known"
            continue
        for name, value in values.items():
            setattr(contact, name, value)
        contacts.revise(session, contact)
    if batch.invite:
        result.invited = _invite(session, sorted(seen), moment)
    return result


def organisations_of(session: Session, *, batch: Batch, moment: datetime) -> BatchResult:
    """Make organisations of new rows and correct those of earlier imports that are untouched.

    Those that others registered or have changed since are left as they are.
    """
    rows, problems = read(ImportedOrganisationRow, batch.rows)
    _alone(session)
    outcomes: list[Outcome] = []
    seen: set[tuple[str, str | None]] = set()
    for number, row in enumerate(rows):
        key = (name_key(row.name), row.country or country_of(row.region_code)) if row else None
        if row is None:
            outcomes.append("wrong")
        elif key in seen:
            outcomes.append("again")
        else:
            seen.add(key or ("", None))
            try:
                with session.begin_nested():
                    outcomes.append(_organisation(session, row, batch, moment))
            except HubError as error:
                field = error.field or "name"
                problems.append(RowProblem(row=number, field=field, message=_(error.detail)))
                outcomes.append("wrong")
    return BatchResult(outcomes=outcomes, problems=problems)


def _bring(session: Session, fresh: Sequence[dict[str, Any]], moment: datetime) -> None:
    """Contacts that nobody but the hub knows of, each with its state."""
    made = []
    for values in fresh:
        id = new_id()
        texts = [values["name"], *values["expertise_offered"], *values["expertise_sought"]]
        made.append(
            {**values, "id": id, "audience": only(id), "words": folded(texts), "created_at": moment}
        )
    session.connection().execute(_INSERT, made)
    outbox.add(
        session,
        *(ContactState.model_validate({**row, "version": 1, "status": INVITED}) for row in made),
    )


def _invite(session: Session, emails: Sequence[str], moment: datetime) -> int:
    """Ask those of these people who have not been asked; gives how many that are."""
    asked = select(col(Invitation.contact_id))
    waiting = session.scalars(
        select(Contact)
        .where(
            col(Contact.email).in_(emails),
            col(Contact.status) == INVITED,
            col(Contact.id).not_in(asked),
        )
        .order_by(col(Contact.id))
    ).all()
    for contact in waiting:
        invitations.invite(session, contact, moment)
        session.add(Invitation(contact_id=contact.id, invited_at=moment))
    session.flush()
    return len(waiting)


def _organisations_named(
    session: Session, rows: Sequence[ImportedMember], batch: MembersBatch, moment: datetime
) -> Mapping[str, str]:
    """Ids of the organisations that people name, made where there is none, by key of the name."""
    named = {name_key(row.organisation): row for row in rows if row.organisation}
    if not named:
        return {}
    known = select(Organisation).where(col(Organisation.name_key).in_(named))
    found = {
        one.name_key: organisations.standing(session, one).id for one in session.scalars(known)
    }
    for key in sorted(named.keys() - found.keys()):
        row = named[key]
        order = ImportedOrganisationRow(
            name=row.organisation, helix_side=row.helix_side, region_code=row.region_code
        )
        if batch.dry_run:
            found[key] = "new"
        else:
            found[key] = organisations.find_or_create(session, order=order, moment=moment).id
    return found


def _organisation(
    session: Session, row: ImportedOrganisationRow, batch: Batch, moment: datetime
) -> Outcome:
    name, known = _named(session, row)
    order = row.model_copy(update={"name": name})
    mark = digest(order)
    if known is None:
        if not batch.dry_run:
            made = organisations.find_or_create(session, order=order, moment=moment)
            session.add(
                ImportedOrganisation(organisation_id=made.id, version=made.version, digest=mark)
            )
            session.flush()
        return "made"
    record = session.get(ImportedOrganisation, known.id)
    if record and record.digest == mark:
        return "same"
    if record is None or known.version != record.version or known.merged_into:
        return "known"
    if not batch.dry_run:
        said = order.model_dump(exclude={"made_up"})
        said["country"] = said["country"] or country_of(order.region_code)
        changed = organisations.update(
            session,
            id=known.id,
            wanted=OrganisationUpdate(**said),
            editor=_ITSELF,
            moment=moment,
        )
        record.version, record.digest = changed.version, mark
        session.add(record)
        session.flush()
    return "changed"


def _named(session: Session, row: ImportedOrganisationRow) -> tuple[str, Organisation | None]:
    """The name to go by and who has it: two countries may have an organisation of one name."""
    country = row.country or country_of(row.region_code)
    names = [row.name, told_apart(row.name, country)] if country else [row.name]
    known = None
    for name in names:
        key = name_key(name)
        known = session.scalars(
            select(Organisation).where(col(Organisation.name_key) == key)
        ).first()
        if known is None or not country or known.country in (None, country):
            return name, known
    return names[-1], known


def _alone(session: Session) -> None:
    """Imports take turns, so that two of one file find what the other has made."""
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtextextended(text("'membership.imports'"), 0))
        session.connection().execute(select(lock))
