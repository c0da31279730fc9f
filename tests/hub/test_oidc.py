"""What an ID token must be to sign anybody in, at a provider that speaks the protocol."""

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.oidc import Proved, Provider, ProviderDoubted
from hub.settings import OidcProvider
from tests.real.processes import accepts, free_port

NONCE = "asked-by-this-browser"
SECRET = "a secret of both that is long enough for HS256"
Token = Callable[["Issuer"], str]


class Issuer:
    """A provider on this machine: what it says of itself, its keys, and the token it gives."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = _key("first")
        self.algorithms = ["RS256"]
        self.id_token = ""
        app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._about),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
            ]
        )
        config = uvicorn.Config(app, port=self.port, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not accepts(self.port):
            assert time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.02)

    def close(self) -> None:
        """Stop it."""
        self._server.should_exit = True
        self._thread.join()

    def provider(self) -> Provider:
        """The provider as a hub that has just started knows it."""
        settings = OidcProvider(
            name="example",
            label="Example Login",
            issuer=self.url,
            client_id="hub",
            client_secret=SecretStr(SECRET),
        )
        return Provider(settings, "http://hub.example.org/sign-in/with/example/return")

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What a token says that is as it should be; None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "anna-there",
            "aud": "hub",
            "iat": now,
            "exp": now + 300,
            "nonce": NONCE,
            "name": "Anna There",
            "email": "anna@example.org",
            "email_verified": True,
            **changed,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def signed(self, **changed: Any) -> str:
        """The same, signed by the provider's key."""
        return jwt.encode({"alg": "RS256", "kid": "first"}, self.claims(**changed), self.key)

    async def _about(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": self.algorithms,
            }
        )

    async def _keys(self, request: Request) -> JSONResponse:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {"access_token": "any", "token_type": "Bearer", "id_token": self.id_token}
        )


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A provider of the test's own."""
    made = Issuer()
    yield made
    made.close()


def finish(provider: Provider, *, iss: str = "") -> Proved:
    """Come back from there with a code."""
    return asyncio.run(provider.finish("code", nonce=NONCE, verifier="v" * 64, issuer=iss))


def _key(id: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": id, "use": "sig"})


def _plain(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _unsigned(issuer: Issuer) -> str:
    return f"{_plain({'alg': 'none'})}.{_plain(issuer.claims())}."


def _altered(issuer: Issuer) -> str:
    head, _, signature = issuer.signed().split(".")
    return f"{head}.{_plain(issuer.claims(sub='somebody-else'))}.{signature}"


def _of_the_secret(issuer: Issuer) -> str:
    return jwt.encode({"alg": "HS256"}, issuer.claims(), OctKey.import_key(SECRET))


def _of_the_public_key(issuer: Issuer) -> str:
    # What everybody knows, taken for a secret (RFC 8725, section 2.1).
    known = OctKey.import_key(base64.b64encode(issuer.key.as_der(private=False)))
    return jwt.encode({"alg": "HS256", "kid": "first"}, issuer.claims(), known)


WRONG: dict[str, Token] = {
    "key of another, under the same name": lambda issuer: jwt.encode(
        {"alg": "RS256", "kid": "first"}, issuer.claims(), _key("first")
    ),
    "key nobody knows": lambda issuer: jwt.encode(
        {"alg": "RS256", "kid": "other"}, issuer.claims(), _key("other")
    ),
    "altered": _altered,
    "for another": lambda issuer: issuer.signed(aud="another"),
    "for several, given to another": lambda issuer: issuer.signed(
        aud=["hub", "another"], azp="another"
    ),
    "for nobody": lambda issuer: issuer.signed(aud=None),
    "of another": lambda issuer: issuer.signed(iss="https://other.example.org"),
    "of nobody": lambda issuer: issuer.signed(iss=None),
    "about nobody": lambda issuer: issuer.signed(sub=None),
    "another nonce": lambda issuer: issuer.signed(nonce="another"),
    "no nonce": lambda issuer: issuer.signed(nonce=None),
    "expired": lambda issuer: issuer.signed(exp=int(time.time()) - 120),
    "without end": lambda issuer: issuer.signed(exp=None),
    "of the future": lambda issuer: issuer.signed(iat=int(time.time()) + 3600),
    "unsigned": _unsigned,
    "signed with the secret of both": _of_the_secret,
    "signed with the public key": _of_the_public_key,
    "no token": lambda issuer: "nonsense",
}


def test_right_token_says_who_somebody_is(issuer: Issuer) -> None:
    issuer.id_token = issuer.signed()
    anna = Proved(issuer.url, "anna-there", "Anna There", "anna@example.org")
    provider = issuer.provider()
    assert finish(provider) == anna
    assert finish(provider, iss=issuer.url) == anna
    with pytest.raises(ProviderDoubted):
        finish(provider, iss="https://other.example.org")


def test_token_of_a_clock_that_differs_a_little_is_taken(issuer: Issuer) -> None:
    issuer.id_token = issuer.signed(exp=int(time.time()) - 30)
    assert finish(issuer.provider()).subject == "anna-there"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_address_counts_only_when_it_is_said_to_be_verified(issuer: Issuer, verified: Any) -> None:
    issuer.id_token = issuer.signed(email_verified=verified)
    assert finish(issuer.provider()).verified_email is None


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_wrong_token_proves_nothing(issuer: Issuer, wrong: Token) -> None:
    # Even where the provider says that it signs so.
    issuer.algorithms = ["RS256", "HS256", "none"]
    issuer.id_token = wrong(issuer)
    with pytest.raises(ProviderDoubted):
        finish(issuer.provider())


def test_new_keys_of_a_provider_are_fetched(issuer: Issuer) -> None:
    provider = issuer.provider()
    issuer.id_token = issuer.signed()
    finish(provider)
    issuer.key = _key("second")
    issuer.id_token = jwt.encode({"alg": "RS256", "kid": "second"}, issuer.claims(), issuer.key)
    assert finish(provider).subject == "anna-there"
    # What was signed by the key before is of nobody now.
    issuer.id_token = jwt.encode({"alg": "RS256", "kid": "first"}, issuer.claims(), _key("first"))
    with pytest.raises(ProviderDoubted):
        finish(provider)
