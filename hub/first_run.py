"""The first start of a hub: the code that lets its owner set it up, and the demonstration."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from hub.settings import Settings


class SetupCode:
    """A secret in the data folder: whoever can read it there may make themselves administrator.

    Without it the first stranger to open a new hub on a public address could take it over.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "setup-code"

    def made(self) -> str:
        """The code, made when there is none; processes that start together have the same."""
        with suppress(FileNotFoundError):
            return self._path.read_text(encoding="ascii")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Complete before it has its name, and readable by its owner alone from the beginning.
        handle, fresh = tempfile.mkstemp(dir=self._path.parent, prefix="setup-code.")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))
        with suppress(FileExistsError):
            os.link(fresh, self._path)
        os.unlink(fresh)
        return self._path.read_text(encoding="ascii")

    def fits(self, given: str) -> bool:
        """Whether this is the code; takes as long whatever is wrong with it."""
        return secrets.compare_digest(given.strip().encode(), self.made().encode())

    def forget(self) -> None:
        """The hub is set up: nobody needs the code any more."""
        self._path.unlink(missing_ok=True)


def demonstration_offered(settings: Settings) -> bool:
    """Whether this process can fill the hub: by its data, and without mail to nobody."""
    has_data = bool(settings.database_url) or not settings.service_urls
    return has_data and not settings.smtp_url


def start_demonstration(settings: Settings) -> None:
    """Fill the hub in a process of its own, which goes on when browser and gateway are gone.

    What it says is in `demo.log` in the data folder; one that runs already keeps others out.
    """
    with (settings.data_dir / "demo.log").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub.cli", "demo", "--small"],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, **environment_of(settings)},
            start_new_session=True,
        )
    threading.Thread(target=process.wait, name="demonstration", daemon=True).start()


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings that differ from what they usually are, as another process reads them."""
    said = settings.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return {
        f"HUB_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in said.items()
    }
