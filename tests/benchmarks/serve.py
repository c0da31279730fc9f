"""Serves an app as the hub serves its own: `python -m tests.benchmarks.serve MODULE:FUNCTION`.

Ours and the floor run under the same server with the same settings, each on one core, while the
load has the others: left to wander, the threads of one interpreter pass its lock between cores or
do not, as chance has it, and the same server is twice as fast in one round as in the next.
"""

import os
import sys
from importlib import import_module

from hub.compose import serve
from services.kit.settings import Settings

if __name__ == "__main__":
    if len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, cores[:1])
    module, _, function = sys.argv[1].partition(":")
    settings = Settings()
    serve(getattr(import_module(module), function)(settings), settings)
