"""Who is calling: a short-lived identity signed with Ed25519 (JWT, RFC 7519 and RFC 8037).

The gateway and the workers that call other services sign with a private key of their own;
services hold public keys only. An identity is meant for one service (its audience).
"""

import fcntl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from fastapi import Depends, Request

from services.kit.audience import MEMBERS, PUBLIC, only
from services.kit.errors import Forbidden, SignInNeeded

LIFETIME = 300
"""Seconds a signed identity is valid."""
RENEWED = 60
"""Seconds a caller uses the same signed identity again."""
SIGNERS = ("gateway", "notification")


@dataclass(frozen=True)
class Identity:
    """A caller: a contact with roles, or a part of the hub itself (role `hub`), or nobody."""

    contact_id: str | None = None
    roles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    """Codes of the regions that a coordinator looks after."""

    @property
    def grants(self) -> frozenset[str]:
        """The audiences this caller belongs to."""
        if self.contact_id is None:
            return frozenset({PUBLIC})
        own = {PUBLIC, only(self.contact_id)}
        return frozenset(own | {MEMBERS} if "member" in self.roles else own)

    def has(self, *roles: str) -> bool:
        """Whether any of these roles, or admin, is held."""
        return bool({*roles, "admin"} & set(self.roles))


ANYONE = Identity()


class Signer:
    """Signs identities with one private key."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self._name = name
        self._key = key
        self._signed: dict[tuple[Identity, str], tuple[float, str]] = {}

    def sign(self, identity: Identity, service: str) -> str:
        """The identity as a token for one service; reused for a minute."""
        moment = time.time()
        kept = self._signed.get((identity, service))
        if kept and kept[0] > moment:
            return kept[1]
        token = jwt.encode(
            {
                "iss": self._name,
                "aud": service,
                "sub": identity.contact_id or "",
                "roles": list(identity.roles),
                "regions": list(identity.regions),
                "exp": int(moment) + LIFETIME,
            },
            self._key,
            algorithm="EdDSA",
        )
        if len(self._signed) > 10_000:
            self._signed.clear()
        self._signed[identity, service] = (moment + RENEWED, token)
        return token


class Verifier:
    """Checks identities meant for one service against the public keys of all signers."""

    def __init__(self, service: str, keys: dict[str, Ed25519PublicKey]) -> None:
        self._service = service
        self._keys = keys
        self._check = lru_cache(maxsize=4096)(self._checked)

    def verify(self, token: str) -> Identity:
        """The identity in a token; raises SignInNeeded when it is not valid (any more)."""
        expires, identity = self._check(token)
        if expires < time.time():
            raise SignInNeeded("Your session has expired. Please sign in again.")
        return identity

    def _checked(self, token: str) -> tuple[float, Identity]:
        try:
            signer = jwt.decode(token, options={"verify_signature": False})["iss"]
            claims = jwt.decode(
                token,
                self._keys[signer],
                algorithms=["EdDSA"],
                audience=self._service,
                options={"require": ["exp", "aud", "iss", "sub"]},
            )
        except (jwt.InvalidTokenError, KeyError, TypeError) as error:
            raise SignInNeeded("This identity is not valid here.") from error
        roles = tuple(str(role) for role in claims.get("roles", ()))
        regions = tuple(str(code) for code in claims.get("regions", ()))
        return float(claims["exp"]), Identity(claims["sub"] or None, roles, regions)


def private_key(data_dir: Path, name: str) -> Ed25519PrivateKey:
    """The signer's key from the data folder, made on first use."""
    folder = data_dir / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    if not path.exists():
        # Processes that start together take turns: the two halves must be of one pair.
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                _make_pair(folder, name)
    loaded = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(loaded, Ed25519PrivateKey)
    return loaded


def _make_pair(folder: Path, name: str) -> None:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for suffix, content in (("pub", public), ("key", private)):
        fresh = folder / f"{name}.{suffix}.new"
        fresh.touch(mode=0o600 if suffix == "key" else 0o644)
        fresh.write_bytes(content)
        fresh.rename(folder / f"{name}.{suffix}")


def public_keys(data_dir: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys of all signers, making key pairs that are missing."""
    keys = {}
    for name in SIGNERS:
        path = data_dir / "keys" / f"{name}.pub"
        if not path.exists():
            private_key(data_dir, name)
        key = load_pem_public_key(path.read_bytes())
        assert isinstance(key, Ed25519PublicKey)
        keys[name] = key
    return keys


async def caller(request: Request) -> Identity:
    """FastAPI dependency: the verified caller, or anyone when no identity is presented.

    Async, like every dependency that does not wait: a sync one costs a thread's turn.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return ANYONE
    verifier: Verifier = request.app.state.verifier
    return verifier.verify(token)


Caller = Annotated[Identity, Depends(caller)]


def needs(*roles: str) -> Callable[[Identity], Awaitable[Identity]]:
    """FastAPI dependency factory: a caller with one of these roles (admin always may)."""

    async def check(identity: Caller) -> Identity:
        if identity == ANYONE:
            raise SignInNeeded("Please sign in to do this.")
        if not identity.has(*roles):
            raise Forbidden("Your account does not have the right to do this.")
        return identity

    return check


async def hub_itself(identity: Caller) -> Identity:
    """FastAPI dependency: a part of the hub; no person, an administrator neither."""
    if identity == ANYONE:
        raise SignInNeeded("Please sign in to do this.")
    if "hub" not in identity.roles:
        raise Forbidden("This is for the hub itself.")
    return identity


Member = Annotated[Identity, Depends(needs("member"))]
HubItself = Annotated[Identity, Depends(hub_itself)]
