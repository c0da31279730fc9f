"""What a browser keeps for the hub for a few minutes and cannot change: signed cookies."""

import json
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request, Response

from hub.settings import Settings
from services.kit.identity import private_key


def keep(
    response: Response,
    settings: Settings,
    name: str,
    values: Mapping[str, str],
    *,
    seconds: int,
) -> None:
    """Put values into a cookie that only the hub can have written."""
    claims = {"aud": name, "exp": int(time.time()) + seconds, "kept": json.dumps(dict(values))}
    response.set_cookie(
        settings.cookie(name),
        jwt.encode(claims, _key(settings.data_dir), algorithm="EdDSA"),
        max_age=seconds,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def kept(request: Request, settings: Settings, name: str) -> dict[str, str] | None:
    """What is in the cookie; None when it is not there, too old or was altered."""
    token = request.cookies.get(settings.cookie(name), "")
    try:
        claims = jwt.decode(
            token,
            _key(settings.data_dir).public_key(),
            algorithms=["EdDSA"],
            # No service is called like a cookie: neither takes what is meant for the other.
            audience=name,
            options={"require": ["exp", "aud", "kept"]},
        )
    except jwt.InvalidTokenError:
        return None
    values: dict[str, str] = json.loads(claims["kept"])
    return values


def drop(response: Response, settings: Settings, name: str) -> None:
    """Take the cookie away."""
    response.delete_cookie(
        settings.cookie(name), path="/", secure=settings.secure, httponly=True, samesite="lax"
    )


@lru_cache(maxsize=8)
def _key(data_dir: Path) -> Ed25519PrivateKey:
    return private_key(data_dir, "gateway")
