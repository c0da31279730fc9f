"""WebAuthn itself: what devices are asked for, and whether their answers hold.

A device must verify who holds it (fingerprint, face, PIN): it is all that signs in, so that whoever
finds it would else be in. Browsers find no passkey of a device that cannot, as nobody says who they
are (CTAP 2.1, credProtect), so that one would be added and never work.

Imported when the first passkey is asked for: the library takes 25 MB, and many hubs never need it.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from services.kit.errors import Forbidden, Invalid
from services.membership.passkeys.rules import CHALLENGE_LIFETIME, site_of

_TIMEOUT = int(CHALLENGE_LIFETIME.total_seconds() * 1000)


def request_options(*, origin: str, challenge: bytes) -> dict[str, Any]:
    """What to ask a device for that signs in: any passkey of this site."""
    return _read(
        options_to_json(
            generate_authentication_options(
                rp_id=site_of(origin),
                challenge=challenge,
                timeout=_TIMEOUT,
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )
    )


def creation_options(
    *, origin: str, hub: str, challenge: bytes, handle: str, email: str, name: str,
    held: Iterable[str],
) -> dict[str, Any]:  # fmt: skip
    """What to ask a device for that is to hold a passkey; those that do already say no."""
    return _read(
        options_to_json(
            generate_registration_options(
                rp_id=site_of(origin),
                rp_name=hub,
                user_id=handle.encode(),
                user_name=email,
                user_display_name=name,
                challenge=challenge,
                timeout=_TIMEOUT,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=[
                    PublicKeyCredentialDescriptor(id=base64url_to_bytes(id)) for id in held
                ],
            )
        )
    )


def verified_use(
    credential: Mapping[str, Any],
    *,
    origin: str,
    challenge: bytes,
    public_key: bytes,
    sign_count: int,
) -> VerifiedAuthentication:
    """What a passkey signed, checked; raises Forbidden."""
    try:
        return verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site_of(origin),
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, AttributeError) as error:
        raise Forbidden(
            "The hub could not verify this passkey, so nobody was signed in. Sign in by mail "
            "instead."
        ) from error


def verified_new(
    credential: Mapping[str, Any], *, origin: str, challenge: bytes
) -> VerifiedRegistration:
    """What a device made, checked; raises Invalid."""
    try:
        return verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site_of(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, AttributeError) as error:
        raise Invalid("The hub could not verify this passkey, so it was not added.") from error


def _read(options: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(options)
    return read
