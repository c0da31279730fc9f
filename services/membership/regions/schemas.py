"""What goes in and out of the routes of partnership regions."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.kit.fields import Id, Line, Slug

MOST_CODES = 60
Nuts = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")]
NutsCodes = Annotated[list[Nuts], Field(max_length=MOST_CODES)]


class RegionCreate(BaseModel):
    """A region of the partnership; its codes are NUTS 2024, of any level."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "East Netherlands", "nuts_codes": ["NL2"]}]},
    )

    name: Line
    nuts_codes: NutsCodes


class RegionUpdate(BaseModel):
    """What is to be different; fields left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    nuts_codes: NutsCodes | None = None


class RegionRead(BaseModel):
    """A region of the partnership, as everybody sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    version: int
    slug: Slug
    name: str
    nuts_codes: list[str]
