"""Structured logs: readable lines on a terminal, JSON elsewhere; never personal data."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from events.privacy import without_values


def _hide_values(
    _logger: object, _method: str, said: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """No log line quotes what a database quotes of its rows."""
    for name, value in said.items():
        if isinstance(value, str):
            said[name] = without_values(value)
    return said


class _StandardError:
    """Standard error as it is when something is written: it may have been put aside before."""

    def write(self, text: str) -> int:
        """Write to it."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Have it written out."""
        sys.stderr.flush()


def configure(level: int = logging.INFO) -> None:
    """Set up structlog for this process; logs go to standard error."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_StandardError()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
