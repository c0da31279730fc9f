"""Failpoints: places where a fault test kills the process, named by HUB_FAULT_SEAM."""

import os
import signal

_seam, _, _nth = os.environ.get("HUB_FAULT_SEAM", "").partition(":")
_left = int(_nth or 1)


def seam(name: str) -> None:
    """Die here as by power loss when the environment names this seam (`NAME:NTH`)."""
    global _left
    if name == _seam:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
