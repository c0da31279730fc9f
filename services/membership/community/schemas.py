"""What goes in and out of the community's routes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.kit.fields import Email, Language, Line, Prose, Zone
from services.kit.language import LANGUAGES, N_
from services.membership.accounts.schemas import Entry


def _offered(languages: list[str]) -> list[str]:
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise ValueError(N_("This is not one of the choices."))
    return [language for language in LANGUAGES if language in languages]


Offered = Annotated[
    list[str], Field(min_length=1, max_length=len(LANGUAGES)), AfterValidator(_offered)
]
"""Languages that visitors can choose from, each once and in the order of the hub."""
Address = Email | Literal[""]


class CommunityUpdate(BaseModel):
    """What administrators change; fields left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    languages: Offered | None = None
    joining_open: bool | None = None
    controller: Prose | None = None
    controller_email: Address | None = None
    imprint: Prose | None = None
    funding: Prose | None = None


class SetUp(BaseModel):
    """The first thing a hub is told: what it is, and who looks after it."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    languages: Offered = list(LANGUAGES)
    joining_open: bool = True
    controller: Prose = ""
    controller_email: Address = ""
    imprint: Prose = ""
    funding: Prose = ""
    email: Email
    admin_name: Line
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
    entry: Entry = Entry()


class CommunityRead(BaseModel):
    """The community as everybody sees it; the name is empty while it has none of its own."""

    model_config = ConfigDict(from_attributes=True)

    name: str = ""
    languages: list[str] = list(LANGUAGES)
    joining_open: bool = True
    controller: str = ""
    controller_email: str = ""
    imprint: str = ""
    funding: str = ""
    set_up: bool = False
    version: int = 0
