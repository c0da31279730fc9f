"""A certified OpenID Connect provider (npm's oidc-provider), and somebody who signs in there."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.real.parts import OIDC_PROVIDER
from tests.real.processes import ServerProcess, accepts, free_port

_SCRIPT = Path(__file__).with_name("provider.mjs")
_ACTION = re.compile(r'<form[^>]*action="([^"]+)"')


class OidcProvider:
    """A running provider that knows these people; its pages need no scripts."""

    def __init__(self, folder: Path, address: str, people: Mapping[str, Mapping[str, Any]]) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        library = OIDC_PROVIDER / "lib" / "index.js"
        told = (str(library), str(self.port), address, json.dumps(people))
        self._process = ServerProcess(["node", str(_SCRIPT), *told], log=folder / "provider.log")
        deadline = time.monotonic() + 30
        while not accepts(self.port):
            assert self._process.running, self._process.tail()
            assert time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.05)

    def setting(self, name: str) -> dict[str, str]:
        """The provider as HUB_OIDC names it."""
        return {
            "name": name,
            "label": "Example Login",
            "issuer": self.issuer,
            "client_id": "hub",
            "client_secret": "a secret of both",
        }

    def close(self) -> None:
        """Stop it."""
        self._process.end(signal.SIGTERM)

    def sign_in(self, start: str, person: str, back: str) -> httpx.URL:
        """Sign in there as somebody and agree; gives the address that leads back to the hub."""
        with httpx.Client(timeout=20) as browser:
            answer = browser.get(start)
            for _step in range(12):
                if answer.is_redirect:
                    there = answer.url.join(answer.headers["location"])
                    if str(there).startswith(back):
                        return there
                    answer = browser.get(there)
                    continue
                found = _ACTION.search(answer.text)
                assert found, answer.text[:2000]
                action = answer.url.join(found[1])
                prompt = "login" if 'name="login"' in answer.text else "consent"
                form = {"prompt": prompt, "login": person, "password": "any"}
                answer = browser.post(action, data=form)
        raise AssertionError("the provider leads in circles")

    def refuse(self, start: str, back: str) -> httpx.URL:
        """Go back instead of signing in there."""
        with httpx.Client(timeout=20, follow_redirects=True) as browser:
            page = browser.get(start)
            found = re.search(r'href="([^"]+/abort)"', page.text)
            assert found, page.text[:2000]
            answer = browser.get(page.url.join(found[1]), follow_redirects=False)
            while not str(answer.headers["location"]).startswith(back):
                answer = browser.get(
                    answer.url.join(answer.headers["location"]), follow_redirects=False
                )
            return httpx.URL(answer.headers["location"])
