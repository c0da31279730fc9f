"""What goes in and out of the routes of imports."""

import re
from typing import Annotated, Any, Literal

from email_validator import SPECIAL_USE_DOMAIN_NAMES
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from events.catalogue.membership import HelixSide
from services.kit.fields import Email, Language, Line, OptionalLine, Region, Zone
from services.kit.language import LANGUAGES, N_
from services.membership.organisations.schemas import OrganisationCreate, Terms

MOST_ROWS = 2000
_LABEL = "[a-z0-9]+(?:-[a-z0-9]+)*"
_PLAIN = re.compile(
    rf"(?=.{{1,64}}@)[a-z0-9_]+(?:[.+_-][a-z0-9_]+)*@(?=.{{1,200}}\Z){_LABEL}(?:\.{_LABEL})*\.[a-z]{{2,20}}",
    re.I | re.A,
)
_SPECIAL = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)


def _address(value: Any, check: ValidatorFunctionWrapHandler) -> str:
    """The address; the plain ones, which are nearly all, without the library's long look."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        lower = value.lower()
        domain = "." + lower.rpartition("@")[2]
        # Labels longer than the DNS takes, and names that are of no one, are for the library.
        if not domain.endswith(_SPECIAL) and max(map(len, domain.split("."))) <= 63:
            return lower
    checked: str = check(value)
    return checked


def _offered(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(N_("This is not a language of the hub."))
    return value


class ImportedMember(BaseModel):
    """A person as a file has them; consent is nothing that a file can give."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Annotated[Email, WrapValidator(_address)]
    helix_side: HelixSide
    region_code: Region
    organisation: OptionalLine = ""
    language: Annotated[Language, AfterValidator(_offered)] = "en"
    time_zone: Zone = "Europe/Brussels"
    expertise_offered: Terms = []
    expertise_sought: Terms = []


class ImportedOrganisationRow(OrganisationCreate):
    """An organisation as a file has it."""

    made_up: Literal[False] = False


class Batch(BaseModel):
    """Rows of a file, taken whole: those that are right are saved together.

    What is wrong with a row is said of it and holds no other up. With `dry_run` nothing is saved.
    """

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS)]
    dry_run: bool = False


class MembersBatch(Batch):
    """People; with `invite` each is asked once whether they want to join."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rows": [
                        {
                            "name": "Anna Peeters",
                            "email": "anna@example.org",
                            "helix_side": "healthcare",
                            "region_code": "BE23",
                        }
                    ]
                }
            ]
        },
    )

    invite: bool = False


Outcome = Literal["made", "changed", "same", "known", "again", "wrong"]
"""New; corrected; as before; there without us, and left alone; twice in the batch; not taken."""


class RowProblem(BaseModel):
    """What is wrong with a row; `row` is its place in the batch, from 0."""

    row: int
    field: str
    message: str


class BatchResult(BaseModel):
    """What became of each row, in their order; `invited` counts invitations."""

    outcomes: list[Outcome]
    problems: list[RowProblem] = []
    invited: int = 0
