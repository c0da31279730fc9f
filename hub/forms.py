"""Forms as people send them: read strictly, shown again with what was typed."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from services.kit.errors import HubError, Invalid
from services.kit.language import N_, _

MOST_FIELDS = 200


class BadForm(HubError):
    """The bytes of a request are not a form of ours."""

    status = 400
    title = N_("This form could not be read")


@dataclass(frozen=True)
class Form:
    """What was typed, and what is wrong with it; empty for a fresh form."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""

    def text(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        found = self.values.get(name)
        return found[-1] if found else default

    def all(self, name: str) -> list[str]:
        """Every non-empty value of a field that may occur several times."""
        return [value for value in self.values.get(name, ()) if value.strip()]

    def ticked(self, name: str) -> bool:
        """Whether a tick box was ticked."""
        return bool(self.values.get(name))

    def words(self, name: str) -> list[str]:
        """A field of several terms, separated by commas or line breaks; each once.

        A comma between digits is part of a term: '2,3-diphosphoglycerate'.
        """
        parts = (part.strip() for part in re.split(r"[;\n]|,(?!\d)|(?<!\d),", self.text(name)))
        return list(dict.fromkeys(part for part in parts if part))

    def order(self, *names: str) -> dict[str, Any]:
        """The named fields that were filled in, as a request to a service."""
        return {name: self.text(name) for name in names if self.text(name).strip()}

    def only(self, *names: str) -> None:
        """Raise Invalid when a field was sent that the page does not have."""
        if extra := sorted(set(self.values) - set(names)):
            raise Invalid(
                _("This form has no field named {name}.").format(name=repr(extra[0][:60]))
            )

    def failed(
        self, problem: HubError, fields: Collection[str], names: Mapping[str, str] | None = None
    ) -> "Form":
        """The same form with a service's complaints beside the page's `fields`.

        `names` says which field stands for an input that the service calls otherwise; what
        belongs to no field goes into the summary.
        """
        errors: dict[str, str] = {}
        rest: list[str] = []
        for name, message in problem_fields(problem):
            asked = name.split(".")[0]
            shown = (names or {}).get(asked, asked)
            if shown in fields:
                errors.setdefault(shown, message)
            else:
                rest.append(f"{asked}: {message}")
        summary = " ".join(rest) if rest else "" if errors else problem.detail
        return replace(self, errors=errors, summary=summary)

    def with_errors(self, **errors: str) -> "Form":
        """The same form with complaints of the page itself."""
        return replace(self, errors={**self.errors, **errors})


def problem_fields(problem: HubError) -> list[tuple[str, str]]:
    """Input names and complaints of an error."""
    errors: Sequence[Mapping[str, str]] = getattr(problem, "errors", ())
    if not errors and problem.field:
        return [(problem.field, problem.detail)]
    return [(item["field"], item["message"]) for item in errors]


async def read_form(request: Request) -> Form:
    """FastAPI dependency: the posted form; raises BadForm when it cannot be one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "") or (not kind and await request.body()):
        raise BadForm(_("Forms of this hub are sent as application/x-www-form-urlencoded."))
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise BadForm(
            _("It contains bytes that are not UTF-8 text. Nothing was saved; please type it anew.")
        ) from error
    except ValueError as error:
        raise BadForm(
            _("It has more than {most} fields. Nothing was saved.").format(most=MOST_FIELDS)
        ) from error
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return Form(values)


Posted = Annotated[Form, Depends(read_form)]
