"""A process ends soon when it is told to, whatever its threads wait for."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from events.log_embedded import EmbeddedLog
from hub.cli.cluster import stop_all
from hub.compose import Runtime


def test_threads_that_do_not_listen_hold_the_stop_up_together_and_not_each() -> None:
    """When Kafka is away, every relay and consumer may be waiting for it."""
    runtime = Runtime({}, EmbeddedLog({}), patience=0.5)
    for number in range(6):
        runtime.also(f"deaf-{number}", lambda stop: time.sleep(3))
    runtime.start()
    began = time.monotonic()
    runtime.stop()
    assert time.monotonic() - began < 1.5


def test_a_part_that_does_not_end_is_killed(tmp_path: Path) -> None:
    """And those after it in the list are still waited for."""
    ready = tmp_path / "ready"
    deaf = "import signal, time, pathlib, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    deaf += "pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    processes = [
        subprocess.Popen([sys.executable, "-c", deaf, str(ready)]),
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]),
    ]
    while not ready.exists():
        threading.Event().wait(0.02)
    stop_all(processes, patience=0.5)
    assert [process.poll() is None for process in processes] == [False, False]
