"""All tables of membership, for its migrations."""

from services.membership.accounts.models import AccountSession, Link, LinkSecret
from services.membership.base import Base
from services.membership.community.models import Community
from services.membership.contacts.models import ConsentRecord, Contact
from services.membership.directory.models import Clock, Entry, Export
from services.membership.erasure.models import Erasure, ErasureConfirmation
from services.membership.expertise.models import Claim, Endorsement, OrganisationTerm, Term
from services.membership.exports.models import DataExport
from services.membership.identities.models import LinkedIdentity
from services.membership.imports.models import ImportedOrganisation, Invitation
from services.membership.organisations.models import Apart, Organisation
from services.membership.passkeys.models import Challenge, Passkey
from services.membership.regions.models import PartnerRegion
from services.membership.representatives.models import Representative
from services.membership.roles.models import RoleGrant
from services.membership.suspensions.models import Suspension

__all__ = [
    "AccountSession",
    "Apart",
    "Base",
    "Challenge",
    "Claim",
    "Clock",
    "Community",
    "ConsentRecord",
    "Contact",
    "DataExport",
    "Endorsement",
    "Entry",
    "Erasure",
    "ErasureConfirmation",
    "Export",
    "ImportedOrganisation",
    "Invitation",
    "Link",
    "LinkSecret",
    "LinkedIdentity",
    "Organisation",
    "OrganisationTerm",
    "PartnerRegion",
    "Passkey",
    "Representative",
    "RoleGrant",
    "Suspension",
    "Term",
]
