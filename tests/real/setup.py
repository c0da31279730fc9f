"""Brings the real parts that the tests run against: `python -m tests.real.setup`.

Kafka's jars come from Maven; ical.js, axe-core, vnu-jar and oidc-provider from npm; PostgreSQL
and Chromium from Debian's packages when this is root on Debian. What cannot be had is named with
how to get it, and with HUB_TEST_STRICT=1 that is an error.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.real import parts


@dataclass(frozen=True)
class Part:
    """A real part: how to see that it lacks, and how to bring it."""

    missing: Callable[[], str | None]
    debian_packages: Callable[[], list[str]]
    bring: Callable[[], None]


def main() -> int:
    """Brings what lacks and gives the exit code."""
    absent = [part for part in PARTS if part.missing() is not None]
    if not absent:
        return 0
    if _is_root_on_debian():
        _try(lambda: _apt_get([name for part in absent for name in part.debian_packages()]))
    for part in absent:
        _try(part.bring)
    reasons = [reason for part in absent if (reason := part.missing()) is not None]
    if not reasons:
        return 0
    strict = os.environ.get("HUB_TEST_STRICT") == "1"
    consequence = "this run stops here" if strict else "the tests that need them are skipped"
    print(f"\nMISSING PARTS: {consequence}.", file=sys.stderr)
    for reason in reasons:
        print(f"  - {reason}", file=sys.stderr)
    print(file=sys.stderr)
    return 1 if strict else 0


def _bring_kafka() -> None:
    shutil.rmtree(parts.KAFKA_JARS, ignore_errors=True)
    _run(
        "mvn",
        "--batch-mode",
        "--quiet",
        f"--file={parts.KAFKA_POM}",
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={parts.KAFKA_JARS}",
    )
    shutil.copy(parts.KAFKA_POM, parts.KAFKA_BROUGHT)


def _bring_from_npm() -> None:
    parts.NODE.mkdir(parents=True, exist_ok=True)
    # All at once, for npm takes away what it was not asked for; without a lock file: one would
    # record where the packages were downloaded from.
    _run(
        "npm",
        "install",
        f"--prefix={parts.NODE}",
        "--no-package-lock",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        *(f"{name}@{version}" for name, version in parts.NODE_VERSIONS.items()),
    )


def _bring_nothing_more() -> None:
    """The Debian package was all."""


PARTS = (
    Part(
        missing=parts.missing_kafka,
        debian_packages=lambda: _lacking(java="default-jre-headless", mvn="maven"),
        bring=_bring_kafka,
    ),
    Part(
        missing=parts.missing_postgres,
        debian_packages=lambda: ["postgresql"],
        bring=_bring_nothing_more,
    ),
    Part(
        missing=parts.missing_chromium,
        # With a font of its own: a page without one shows boxes.
        debian_packages=lambda: ["chromium", "fonts-liberation"],
        bring=_bring_nothing_more,
    ),
    Part(
        missing=parts.missing_icaljs,
        debian_packages=lambda: _lacking(node="nodejs", npm="npm"),
        bring=_bring_from_npm,
    ),
    Part(
        missing=parts.missing_oidc_provider,
        debian_packages=lambda: _lacking(node="nodejs", npm="npm"),
        bring=_bring_from_npm,
    ),
    Part(
        missing=parts.missing_axe,
        debian_packages=lambda: _lacking(npm="npm"),
        bring=_bring_from_npm,
    ),
    Part(
        missing=parts.missing_vnu,
        debian_packages=lambda: _lacking(java="default-jre-headless", npm="npm"),
        bring=_bring_from_npm,
    ),
)


def _lacking(**packages: str) -> list[str]:
    """The Debian packages of the programs that are not on PATH."""
    return [package for program, package in packages.items() if shutil.which(program) is None]


def _is_root_on_debian() -> bool:
    try:
        return os.geteuid() == 0 and platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


def _apt_get(packages: list[str]) -> None:
    if not packages:
        return
    _run("apt-get", "update", "-qq")
    _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def _run(*command: str) -> None:
    print(f"tests/real: {' '.join(command)}", flush=True)
    subprocess.run(
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _try(step: Callable[[], None]) -> None:
    """Goes on after a step that failed: what lacks in the end is named by `main`."""
    try:
        step()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"tests/real: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
