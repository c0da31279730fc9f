"""People whom an organiser names in a form, by address or by name."""

from email.utils import parseaddr

from babel.lists import format_list

from hub.clients import Clients
from hub.sessions import Person
from services.kit.errors import HubError
from services.kit.language import _, locale, spoken

MOST_NAMED = 50
"""People named at once."""


async def contacts_named(
    clients: Clients, person: Person, names: list[str], *, time_zone: str
) -> tuple[list[str], str]:
    """Those named as contacts, in order, and what is wrong with the names."""
    if not names:
        return [], _("Enter whom to ask.")
    if len(names) > MOST_NAMED:
        return [], _("Ask {most} people at most at once.").format(most=MOST_NAMED)
    found: list[str] = []
    unknown: list[str] = []
    for named in names:
        contact_id = await _contact(clients, person, time_zone, named)
        if contact_id:
            found.append(contact_id)
        else:
            unknown.append(named)
    if unknown:
        listed = format_list(unknown, locale=locale(spoken()))
        return [], _(
            "Nobody is found by this: {names}. Write an e-mail address, or the whole name of "
            "one member."
        ).format(names=listed)
    return found, ""


async def _contact(clients: Clients, person: Person, time_zone: str, named: str) -> str | None:
    """The id of whoever is named by an address or, if it is the name of one member, by that."""
    if "@" in named:
        name, email = parseaddr(named)
        local = email.partition("@")[0]
        try:
            guest = await clients.membership.guest(
                {
                    "name": name or local,
                    "email": email,
                    "language": spoken(),
                    "time_zone": time_zone,
                }
            )
        except HubError as problem:
            if problem.status != 422:
                raise
            return None
        return guest.contact_id
    found = await clients.membership.people(person.identity, {"q": named}, limit=20)
    ids = [one.id for one in found.people if one.name.casefold() == named.casefold()]
    return ids[0] if len(ids) == 1 else None
