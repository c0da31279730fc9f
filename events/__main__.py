"""`python -m events docs/`: write the generated documents into a folder."""

import json
import sys
from pathlib import Path

from events.documents import asyncapi, markdown

folder = Path(sys.argv[1])
(folder / "events.md").write_text(markdown())
(folder / "asyncapi.json").write_text(json.dumps(asyncapi(), indent=1) + "\n")
