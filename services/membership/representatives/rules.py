"""Pure decisions about representatives: which role is more, who decides, whose mail fits."""

from collections.abc import Iterable
from typing import get_args

from events.catalogue.membership import Representation
from services.kit.errors import Conflict, Forbidden
from services.kit.identity import Identity

ROLES: tuple[Representation, ...] = get_args(Representation)
"""From the most to the least."""
EDITORS: tuple[Representation, ...] = ("owner", "representative")
MODERATOR = "moderator"

# Anybody can have an address there, so that it says nothing about where they work.
PUBLIC_MAIL = frozenset(
    {
        "aol.com", "bluewin.ch", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch",
        "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.be", "hotmail.co.uk",
        "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com",
        "interia.pl", "kpnmail.nl", "laposte.net", "libero.it", "live.be", "live.com", "live.nl",
        "mail.com", "mail.de", "mail.ru", "mailbox.org", "me.com", "msn.com", "o2.pl", "online.no",
        "onet.pl", "orange.fr", "outlook.be", "outlook.com", "outlook.de", "outlook.es",
        "outlook.fr", "outlook.it", "posteo.de", "posteo.net", "proton.me", "protonmail.com",
        "proximus.be", "rocketmail.com", "scarlet.be", "seznam.cz", "sfr.fr", "skynet.be",
        "t-online.de", "telenet.be", "telia.com", "tutanota.com", "virgilio.it", "wanadoo.fr",
        "web.de", "wp.pl", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.es", "yahoo.fr",
        "yahoo.it", "yandex.com", "ymail.com", "ziggo.nl", "zoho.com",
    }
)  # fmt: skip


def rank(role: str | None) -> int:
    """Roles as numbers: nobody is 0, an owner most."""
    return len(ROLES) - ROLES.index(role) if role in ROLES else 0


def may_edit(role: str | None, viewer: Identity) -> bool:
    """Who may change what an organisation says of itself."""
    return role in EDITORS or viewer.has(MODERATOR)


def may_decide(role: str | None, viewer: Identity, *, owned: bool) -> bool:
    """Owners decide who speaks for theirs; while nobody owns it, moderators do."""
    return role == "owner" or (not owned and viewer.has(MODERATOR))


def may_manage(role: str | None, viewer: Identity) -> bool:
    """Owners say who speaks for theirs no longer; moderators too, where somebody misuses it."""
    return role == "owner" or viewer.has(MODERATOR)


def check_decider(role: str | None, viewer: Identity, *, owned: bool) -> None:
    """Raise Forbidden for everybody who does not decide about an organisation's people."""
    if not may_decide(role, viewer, owned=owned):
        raise Forbidden("Only its owners decide who speaks for this organisation.")


def check_ask(role: str | None, asked: str, *, removed: bool) -> None:
    """Raise Conflict when there is nothing to ask for."""
    if rank(role) >= rank(asked):
        raise Conflict("You are that already.")
    if asked == "member" and not removed:
        raise Conflict("You can simply choose this organisation in your profile.")


def domain_of(email: str) -> str:
    """The domain of an address as the network writes it (RFC 5890)."""
    domain = email.rpartition("@")[2].strip(".").lower()
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def same_domain(email: str, domain: str | None) -> bool:
    """Whether an address belongs to the domain of a website, or to a part of that domain.

    At public mail providers an address says nothing.
    """
    own = domain_of(email)
    if not domain or "." not in domain or domain in PUBLIC_MAIL or own in PUBLIC_MAIL:
        return False
    return own == domain or own.endswith(f".{domain}")


def settled(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of several (status, role) of one person in one organisation: the highest of each status.

    Whoever is let in is not removed, and asks for nothing they have.
    """
    best: dict[str, str] = {}
    for status, role in rows:
        if rank(role) > rank(best.get(status)):
            best[status] = role
    if "active" in best:
        best.pop("removed", None)
        if rank(best.get("asked")) <= rank(best["active"]):
            best.pop("asked", None)
    return best
