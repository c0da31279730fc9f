"""Who is believed to be whom."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.envelope import new_id
from services.kit.errors import SignInNeeded
from services.kit.identity import ANYONE, Identity, Signer, Verifier, private_key, public_keys
from tests.harness import HUB, ServiceUnderTest

ADMIN = Identity("01a20f34-e42c-7580-82f6-997487be1953", ("member", "admin"))


def test_an_administrator_is_not_the_hub_itself(tmp_path: Path) -> None:
    """What mints secrets for others is for no person."""
    scheduling = ServiceUnderTest("scheduling", tmp_path)

    def mint(caller: Identity) -> int:
        return scheduling.call("POST", f"/registrations/{new_id()}/link", as_=caller).status_code

    assert [mint(caller) for caller in (HUB, ADMIN, ANYONE)] == [404, 403, 401]
    scheduling.service.database.close()


def test_keys_made_by_many_at_once_fit_each_other(tmp_path: Path) -> None:
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        together = threading.Barrier(8)
        made: list[Any] = []

        def make(folder: Path, together: threading.Barrier, made: list[Any]) -> None:
            together.wait()
            made.append(private_key(folder, "gateway"))

        threads = [threading.Thread(target=make, args=(folder, together, made)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 8
        verifier = Verifier("calendar", public_keys(folder))
        for key in made:
            assert verifier.verify(Signer("gateway", key).sign(ADMIN, "calendar")) == ADMIN


CLAIMS = {
    "iss": "gateway",
    "aud": "calendar",
    "sub": "",
    "roles": ["hub"],
    "exp": int(time.time()) + 300,
}


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": ["gateway"]},
        {"iss": "nobody"},
        {"aud": "membership"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_right_in_everything_is_refused(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    keys = public_keys(tmp_path)
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    token = _signed(claims, private_key(tmp_path, "gateway"))
    with pytest.raises(SignInNeeded):
        Verifier("calendar", keys).verify(token)


def test_a_token_of_another_key_or_method_is_refused(tmp_path: Path) -> None:
    verifier = Verifier("calendar", public_keys(tmp_path))
    public = (tmp_path / "keys" / "gateway.pub").read_bytes()
    stranger = _signed(CLAIMS, Ed25519PrivateKey.generate())
    unsigned = jwt.encode(CLAIMS, "", algorithm="none")
    # The public key taken for a shared secret; PyJWT itself refuses to sign so.
    head, body, _ = stranger.split(".")
    confused = jwt.encode(CLAIMS, public.hex(), algorithm="HS256")
    for token in (stranger, unsigned, confused, f"{head}.{body}.", "x", "a.b.c", "é.ü.ß"):
        with pytest.raises(SignInNeeded):
            verifier.verify(token)


def _signed(claims: dict[str, Any], key: Ed25519PrivateKey) -> str:
    """As PyJWT signs, without its own checks of what is signed."""
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm="EdDSA")
