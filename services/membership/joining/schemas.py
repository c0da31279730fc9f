"""What goes in and out of the routes of joining."""

from pydantic import BaseModel, ConfigDict

from events.catalogue.membership import HelixSide
from services.kit.fields import Email, Id, Language, Line, Region, Zone
from services.membership.accounts.schemas import Secret
from services.membership.contacts.schemas import Consents
from services.membership.organisations.schemas import Terms


class MemberJoin(BaseModel):
    """The join form; an organisation is chosen by id, or named anew, or left out."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    helix_side: HelixSide
    region_code: Region
    organisation_id: Id | None = None
    organisation_name: Line | None = None
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
    expertise_offered: Terms = []
    expertise_sought: Terms = []
    consents: Consents
    made_up: bool = False
    asked_by: Secret | None = None
    """Held by the browser, which alone can use a sign-in link that this leads to."""


class AdminCreate(BaseModel):
    """Someone who shall run the hub."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
