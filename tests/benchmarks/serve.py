"""Serves an app as the hub serves its own: `python -m tests.benchmarks.serve MODULE:FUNCTION`.

Ours and the floor run under the same server with the same settings.
"""

import sys
from importlib import import_module

from hub.compose import serve
from services.kit.settings import Settings

if __name__ == "__main__":
    module, _, function = sys.argv[1].partition(":")
    settings = Settings()
    serve(getattr(import_module(module), function)(settings), settings)
