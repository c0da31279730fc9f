"""OpenID Connect: sending people to a provider, and reading what it says of them.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207).
Authlib and its keys are imported when somebody first uses a provider.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from hub.settings import OidcProvider
from services.kit.errors import HubError
from services.kit.language import N_

log = structlog.get_logger()

SIGNED_BY = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures that only the provider can make; none, and none with a secret of both."""
KEPT = 3600
"""Seconds that a provider's settings and keys are kept."""
LEEWAY = 60
"""Seconds by which its clock may differ."""


class ProviderAway(HubError):
    """A provider cannot be reached, or answers nothing of use."""

    status = 503
    title = N_("This provider cannot be reached just now")


class ProviderDoubted(HubError):
    """What came back does not prove who somebody is."""

    status = 400
    title = N_("Signing in did not work")


@dataclass(frozen=True)
class Flow:
    """One way of one person to a provider and back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Proved:
    """Whom a provider says somebody is."""

    issuer: str
    subject: str
    name: str
    verified_email: str | None


@dataclass
class Provider:
    """One provider, as a gateway reaches it."""

    settings: OidcProvider
    address: str
    """Where it sends people back to."""
    _found: Mapping[str, Any] = field(default_factory=dict)
    _keys: Mapping[str, Any] = field(default_factory=dict)
    _until: float = 0.0

    async def begin(self) -> Flow:
        """Where to send somebody, and what to keep until they are back."""
        from authlib.common.security import generate_token
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        found = await self._settings()
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = generate_token(64)
        address = prepare_grant_uri(
            found["authorization_endpoint"],
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=self.address,
            scope=self.settings.scopes,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Flow(address=address, state=state, nonce=nonce, verifier=verifier)

    async def finish(self, code: str, *, nonce: str, verifier: str, issuer: str) -> Proved:
        """Whom the code stands for; raises ProviderAway and ProviderDoubted.

        `issuer` is who says to have sent somebody back, where it is said.
        """
        found = await self._settings()
        if issuer and issuer != self.settings.issuer:
            raise ProviderDoubted(_NOT_PROVED)
        token = await self._token(found, code, verifier)
        claims = await self._claims(found, token, nonce)
        told = dict(claims)
        if "email" not in told and found.get("userinfo_endpoint") and token.get("access_token"):
            more = await self._get(
                found["userinfo_endpoint"],
                headers={"authorization": f"Bearer {token['access_token']}"},
            )
            # Else it might be about somebody else (section 5.3.2).
            if more.get("sub") == claims["sub"]:
                told = {**more, **told}
        email = told.get("email")
        vouched = told.get("email_verified") is True and isinstance(email, str)
        name = told.get("name") or " ".join(
            str(told[part]) for part in ("given_name", "family_name") if told.get(part)
        )
        return Proved(
            issuer=self.settings.issuer,
            subject=str(claims["sub"]),
            name=str(name)[:200],
            verified_email=str(email) if vouched else None,
        )

    async def _settings(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        if self._until < time.monotonic():
            base = self.settings.issuer.rstrip("/")
            found = await self._get(f"{base}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self.settings.issuer or not all(
                isinstance(found.get(name), str) for name in needed
            ):
                log.error("oidc_provider_is_another", provider=self.settings.name)
                raise ProviderAway(_AWAY)
            self._keys = await self._get(found["jwks_uri"])
            self._found, self._until = found, time.monotonic() + KEPT
        return self._found

    async def _token(self, found: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=self.address, code_verifier=verifier
        )
        ways = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        proof = ClientAuth(
            self.settings.client_id, self.settings.client_secret.get_secret_value(), way
        )
        headers = {
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
        }
        address, headers, body = proof.prepare("POST", found["token_endpoint"], headers, body)
        answer = await self._ask("POST", address, headers=headers, content=body)
        try:
            token = answer.json()
        except ValueError:
            token = None
        if answer.status_code >= 500:
            raise ProviderAway(_AWAY)
        if answer.status_code != 200 or not isinstance(token, dict) or "id_token" not in token:
            reason = token.get("error") if isinstance(token, dict) else None
            log.warning("oidc_code_refused", provider=self.settings.name, reason=reason)
            raise ProviderDoubted(_NOT_PROVED)
        return token

    async def _claims(
        self, found: Mapping[str, Any], token: Mapping[str, Any], nonce: str
    ) -> Mapping[str, Any]:
        """What the ID token says, its signature and its claims checked (section 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        offered = set(found.get("id_token_signing_alg_values_supported", ["RS256"]))
        registry = JWSRegistry(algorithms=sorted(offered & SIGNED_BY), strict_check_header=False)
        keys: Any = self._keys
        try:
            try:
                decoded = jwt.decode(
                    token["id_token"], KeySet.import_key_set(keys), registry=registry
                )
            except InvalidKeyIdError:
                # It has new keys since they were fetched.
                keys = self._keys = await self._get(found["jwks_uri"])
                decoded = jwt.decode(
                    token["id_token"], KeySet.import_key_set(keys), registry=registry
                )
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self.settings.issuer},
                    "aud": {"essential": True, "value": self.settings.client_id},
                    "sub": {"essential": True},
                },
                params={
                    "nonce": nonce,
                    "client_id": self.settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("oidc_token_refused", provider=self.settings.name, error=repr(error))
            raise ProviderDoubted(_NOT_PROVED) from error
        proved: Mapping[str, Any] = claims
        return proved

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        answer = await self._ask("GET", address, headers=headers)
        try:
            told = answer.json() if answer.status_code == 200 else None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise ProviderAway(_AWAY)
        return told

    async def _ask(self, method: str, address: str, **what: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=10) as client:
                return await client.request(method, address, **what)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("oidc_provider_away", provider=self.settings.name, error=repr(error))
            raise ProviderAway(_AWAY) from error


_AWAY = N_("Nobody was signed in. Please try again in a few minutes, or sign in by mail.")
_NOT_PROVED = N_(
    "What came back from there does not prove who you are, or was used already. Nobody was signed "
    "in. Please begin again from the page for signing in."
)
