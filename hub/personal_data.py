"""Everything the hub holds on one person, from every service, as one ZIP."""

import asyncio
import io
import json
import zipfile
from datetime import datetime

from hub.clients import Client, Clients, ServiceAway
from hub.clients.personal import Held, held_by
from services.kit.language import N_, _

CALENDAR = "calendar.ics"
PARTS = {
    "membership": N_(
        "Your profile, consents, roles, organisations, expertise, and where you are signed in."
    ),
    "scheduling": N_("Events you registered for and events you organise."),
    "knowledge": N_("What you wrote."),
    "matchmaking": N_("By what you are found as a partner, and projects you proposed."),
    "notification": N_("Your notices, and which mails were sent to you."),
    "calendar": N_("Your calendar addresses; the secret in each is known to you alone."),
}
"""What is in the file of each service."""


async def packed(clients: Clients, contact_id: str, moment: datetime) -> bytes:
    """The ZIP; what a service that is away holds is named as missing, in words.

    Each part is JSON that people can read; the README is in the language spoken.
    """
    *held, calendar = await asyncio.gather(
        *(_held(client, contact_id) for client in clients.all), _calendar(clients, contact_id)
    )
    files: dict[str, bytes] = {}
    missing = []
    for client, part in zip(clients.all, held, strict=True):
        if isinstance(part, dict):
            files[f"{client.name}.json"] = _readable(part)
        else:
            missing.append(f"{client.name}.json")
    if isinstance(calendar, bytes):
        files[CALENDAR] = calendar
    else:
        missing.append(CALENDAR)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"README.txt": _readme(missing, moment), **files}.items():
            archive.writestr(name, content)
    return packed.getvalue()


async def _held(client: Client, contact_id: str) -> Held | None:
    try:
        return await held_by(client, contact_id)
    except ServiceAway:
        return None


async def _calendar(clients: Clients, contact_id: str) -> bytes | None:
    try:
        return await clients.calendar.own_calendar(contact_id)
    except ServiceAway:
        return None


def _readable(part: Held) -> bytes:
    return json.dumps(part, ensure_ascii=False, indent=2).encode()


def _readme(missing: list[str], moment: datetime) -> bytes:
    lines = [
        _("Everything this hub holds on you"),
        moment.strftime("%Y-%m-%d %H:%M UTC"),
        "",
    ]
    if missing:
        lines += [
            _("This is not everything: a part of the hub could not be reached."),
            _("Missing: {files}. Please download your data again later.").format(
                files=", ".join(missing)
            ),
            "",
        ]
    for service, what in PARTS.items():
        lines.append(f"{service}.json: {_(what)}")
    lines += [
        f"{CALENDAR}: {_('Your events, for any calendar app.')}",
        "",
        _("Data on other people is not in here, nor are secrets: of those only prints are kept."),
        _("Backups of the hub hold older copies, which are deleted after their term."),
    ]
    return "\n".join(lines).encode()
