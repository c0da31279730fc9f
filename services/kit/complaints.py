"""What is wrong with an input, in words for people."""

from collections.abc import Mapping
from typing import Any

import structlog

from services.kit.language import _, ngettext

log = structlog.get_logger()


def words_of(item: Mapping[str, Any]) -> str:
    """A validation error in words a person understands."""
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return _("This is needed.")
        case "string_too_short" | "too_short":
            return _("This is needed.") if context["min_length"] == 1 else _("This is too short.")
        case "string_too_long" | "too_long" if isinstance(item.get("input"), str):
            most = context["max_length"]
            return ngettext(
                "This may have at most {n} character.",
                "This may have at most {n} characters.",
                most,
            ).format(n=most)
        case "too_long":
            most = context["max_length"]
            return ngettext(
                "This may have at most {n} entry.", "This may have at most {n} entries.", most
            ).format(n=most)
        case "extra_forbidden":
            return _("This is not a field of this form.")
        case "literal_error" | "enum":
            return _("This is not one of the choices.")
        case "string_pattern_mismatch":
            return _("This is not written as it should be.")
        case "greater_than_equal":
            return _("This must be {n} or more.").format(n=context["ge"])
        case "less_than_equal":
            return _("This must be {n} or less.").format(n=context["le"])
        case "value_error" if "valid email address" in item["msg"]:
            return _("This is not an e-mail address such as name@example.org.")
        case "value_error":
            return _(str(context.get("error") or item["msg"].removeprefix("Value error, ")))
        case kind if kind.startswith("datetime_"):
            return _("This is not a date and time.")
        case kind if kind.startswith("date_"):
            return _("This is not a date.")
        case other:
            log.info("validation_error_without_words", type=other)
            return str(item["msg"]).removeprefix("Value error, ")
