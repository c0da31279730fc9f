"""What pages for signing in and for security say of passkeys and providers."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from hub.clients import Clients
from hub.pages.cards import today
from hub.sessions import Person, needs_proof
from hub.settings import Settings
from hub.views.ways import IdentityRow, OtherWays, OwnWays, PasskeyRow, ProviderWay
from services.kit.times import day_of


def origin_of(request: Request, settings: Settings) -> str | None:
    """Where passkeys are bound to; None where browsers know none: they want a name, no number.

    A hub at home (127.0.0.1) can be opened as localhost, and then has them too.
    """
    host = urlsplit(settings.address).hostname or ""
    try:
        number = ip_address(host)
    except ValueError:
        return settings.address if settings.secure or host == "localhost" else None
    asked = request.headers.get("host", "")
    own = asked.rpartition(":")[0] or asked
    return f"http://{asked}" if number.is_loopback and own == "localhost" else None


def other_ways(request: Request) -> OtherWays:
    """How people can sign in here beside the mail."""
    settings: Settings = request.app.state.settings
    return OtherWays(
        passkeys=origin_of(request, settings) is not None,
        providers=[ProviderWay(provider.name, provider.label) for provider in settings.oidc],
    )


async def own_ways(request: Request, clients: Clients, person: Person) -> OwnWays:
    """How the member signs in beside the mail."""
    settings: Settings = request.app.state.settings
    labels: Mapping[str, str] = {provider.issuer: provider.label for provider in settings.oidc}
    passkeys = await clients.membership.passkeys(person.identity)
    identities = await clients.membership.identities(person.identity)
    return OwnWays(
        possible=other_ways(request),
        passkeys=[
            PasskeyRow(
                id=passkey.id,
                label=passkey.label,
                added=day_of(passkey.created_at.date(), today()),
                used=day_of(passkey.last_used_at.date(), today()) if passkey.last_used_at else "",
                backed_up=passkey.backed_up,
            )
            for passkey in passkeys
        ],
        identities=[
            IdentityRow(
                id=linked.id,
                label=labels.get(linked.issuer, urlsplit(linked.issuer).hostname or ""),
                subject=linked.subject,
                linked=day_of(linked.linked_at.date(), today()),
                used=day_of(linked.last_used_at.date(), today()) if linked.last_used_at else "",
            )
            for linked in identities
        ],
        fresh=not needs_proof(person),
    )
