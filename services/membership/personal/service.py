"""What membership keeps of one person, in one answer."""

from typing import Any

from sqlmodel import Session, select

from services.kit.errors import NotFound
from services.membership.accounts.models import AccountSession, Link
from services.membership.base import Base
from services.membership.contacts.models import ConsentRecord, Contact
from services.membership.directory.models import Export
from services.membership.expertise.models import Claim, Endorsement
from services.membership.identities.models import LinkedIdentity
from services.membership.imports.models import Invitation
from services.membership.organisations.models import Organisation
from services.membership.passkeys.models import Passkey
from services.membership.representatives import reading as representatives
from services.membership.roles.models import RoleGrant
from services.membership.suspensions.models import Suspension

_LEFT_OUT = {
    *("granted_by", "withdrawn_by", "suspended_by", "reinstated_by"),  # data of others
    # Of use to nobody but whoever means harm.
    *("secret_hash", "asked_by", "tries", "credential_id", "public_key"),
    *("contact_id", "holder_id", "endorser_id"),
}


def held(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """Everything about the person, a list a kind of thing; raises NotFound."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("This person is not known.")
    organisation = session.get(Organisation, contact.organisation_id or "")

    def rows(table: type[Base]) -> list[dict[str, Any]]:
        return _rows(session, table, contact_id)

    return {
        "profile": [
            {
                **contact.model_dump(mode="json", exclude={"words", "version"}),
                "organisation": organisation.name if organisation else None,
            }
        ],
        "consents": rows(ConsentRecord),
        "sessions": rows(AccountSession),
        "links": rows(Link),
        "passkeys": rows(Passkey),
        "identities": rows(LinkedIdentity),
        "invitations": rows(Invitation),
        "lists_taken_away": rows(Export),
        "roles": rows(RoleGrant),
        "suspensions": rows(Suspension),
        "expertise": _rows(session, Claim, contact_id, whose="holder_id"),
        "confirmed_of_others": _rows(session, Endorsement, contact_id, whose="endorser_id"),
        "organisations": representatives.data_of(session, contact_id),
    }


def _rows(
    session: Session, table: type[Base], contact_id: str, *, whose: str = "contact_id"
) -> list[dict[str, Any]]:
    column = table.__table__.c[whose]  # type: ignore[attr-defined]
    order = list(table.__table__.primary_key)  # type: ignore[attr-defined]
    found = session.exec(select(table).where(column == contact_id).order_by(*order))
    return [row.model_dump(mode="json", exclude=_LEFT_OUT) for row in found]
