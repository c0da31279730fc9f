"""`python -m tests.architecture.snapshot`: take new schemas into the snapshot; never a break."""

import json
import sys

from events.documents import schemas
from tests.architecture.test_catalogue import SNAPSHOT, breaks

old = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else {}
if found := breaks(old, schemas()):
    sys.exit("These need a new version beside the old one:\n" + "\n".join(found))
SNAPSHOT.write_text(json.dumps(schemas(), indent=1, sort_keys=True) + "\n")
