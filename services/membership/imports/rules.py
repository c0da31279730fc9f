"""Pure decisions about imports."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from services.kit.complaints import words_of
from services.kit.language import SOURCE, locale
from services.membership.imports.schemas import RowProblem

Read = TypeVar("Read", bound=BaseModel)


def read(
    model: type[Read], rows: Sequence[Mapping[str, Any]]
) -> tuple[list[Read | None], list[RowProblem]]:
    """Each row as the model has it, None where something is wrong, and what that is."""
    try:
        return [*_of_many(model).validate_python(rows)], []
    except ValidationError as error:
        wrong = {int(item["loc"][0]) for item in error.errors(include_url=False)}
        problems = [
            RowProblem(
                row=int(item["loc"][0]),
                field=str(item["loc"][1]) if len(item["loc"]) > 1 else "",
                message=words_of(item),
            )
            for item in error.errors(include_url=False)
        ]
    right = iter(_of_many(model).validate_python([r for n, r in enumerate(rows) if n not in wrong]))
    return [None if n in wrong else next(right) for n in range(len(rows))], problems


def digest(row: BaseModel) -> str:
    """What is the same for two rows that say the same."""
    said = json.dumps(row.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def told_apart(name: str, country: str) -> str:
    """The name with its country behind it, for one that another country has too."""
    place = str(locale(SOURCE).territories.get(country, country))
    return f"{name[: 196 - len(place)].rstrip()} ({place})"


@cache
def _of_many(model: type[Read]) -> TypeAdapter[list[Read]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]
