"""All tables of membership, for its migrations."""

from services.membership.accounts.models import AccountSession, Link, LinkSecret
from services.membership.base import Base
from services.membership.community.models import Community
from services.membership.contacts.models import ConsentRecord, Contact
from services.membership.expertise.models import Claim, Endorsement, OrganisationTerm, Term
from services.membership.organisations.models import Organisation

__all__ = [
    "AccountSession",
    "Base",
    "Claim",
    "Community",
    "ConsentRecord",
    "Contact",
    "Endorsement",
    "Link",
    "LinkSecret",
    "Organisation",
    "OrganisationTerm",
    "Term",
]
