"""Messages in words: notices, and mails as text and HTML, made from templates/mail."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from babel.lists import format_list
from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.kit.fields import zone_names
from services.kit.language import (
    LANGUAGES,
    N_,
    SOURCE,
    _,
    gettext,
    locale,
    ngettext,
    speaking,
    spoken,
)
from services.kit.settings import Settings
from services.kit.times import city, clock, day_of, moment_in, when
from services.notification import times
from services.notification.messages.models import Message
from services.notification.messages.rules import BY_KIND, Known
from services.notification.projection import KnownContact, KnownGathering

_TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CHANGED = {
    "title": N_("the title"),
    "starts_local": N_("the time"),
    "ends_local": N_("the time"),
    "time_zone": N_("the time"),
    "location": N_("the place"),
    "mode": N_("how people take part"),
}
_KEPT = {
    "membership": N_("Account and profile"),
    "scheduling": N_("Events and registrations"),
    "knowledge": N_("Posts"),
    "matchmaking": N_("Partner search"),
    "notification": N_("Mails and notices"),
    "calendar": N_("Calendars"),
}
"""What each service keeps, in the words of a receipt."""
_OTHER = N_("some details")


def _environment(*, autoescape: bool) -> Environment:
    built = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        # Plain text must not be escaped; the HTML part always is.
        autoescape=autoescape,  # noqa: S701
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    built.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return built


# One template a kind holds the words of both parts, the layouts give them their form.
_TEXT = _environment(autoescape=False)
_HTML = _environment(autoescape=True)


class Undeliverable(Exception):
    """No mail can be written to this address."""


@dataclass(frozen=True)
class Words:
    """What a notice says, and the page of the hub it leads to."""

    subject: str
    lead: str
    path: str


@dataclass(frozen=True)
class Letter:
    """One mail, ready to go."""

    message_id: str
    sender: str
    to: str
    name: str
    subject: str
    text: str
    html: str
    made_at: datetime
    brand: str

    def content(self) -> bytes:
        """The mail as it travels (RFC 5322), in ASCII; raises Undeliverable."""
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.brand, addr_spec=self.sender)
        try:
            message["To"] = Address(self.name, addr_spec=self.to)
        except ValueError as error:
            raise Undeliverable("the address has letters that this mail cannot carry") from error
        message["Subject"] = self.subject
        message["Date"] = self.made_at
        message["Message-ID"] = self.message_id
        # No answering machine should write back (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text, cte="quoted-printable")
        message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        return message.as_bytes()


def words(message: Message, known: Known, moment: datetime) -> Words:
    """The message as a notice, in the language of whom it is for."""
    with speaking(_language(known)):
        facts = _facts(message, known, moment)
        return Words(
            subject=_block(message.kind, "subject", facts),
            lead=_block(message.kind, "lead", facts),
            path=path_of(message, known),
        )


def compose(
    message: Message,
    known: Known,
    *,
    settings: Settings,
    action: str,
    moment: datetime,
    code: str = "",
) -> Letter:
    """The message as a mail whose button leads to `action`; raises Undeliverable.

    `code` is what can be typed instead of following the button.
    It comes from the community by its name, or by that of the settings while it has none.
    """
    assert known.contact is not None
    usual, sender = parseaddr(settings.mail_from)
    brand = _one_line(known.community) or usual
    with speaking(_language(known)):
        facts = {
            **_facts(message, known, moment),
            "action": action,
            "code": code,
            "hub": brand,
            "address": settings.address,
            "language": spoken(),
            "direction": locale(spoken()).text_direction,
            "subject": _block(message.kind, "subject", _facts(message, known, moment)),
        }
        text = _TEXT.get_template(f"{message.kind}.j2").render(layout="layout.txt", **facts)
        html = _HTML.get_template(f"{message.kind}.j2").render(layout="layout.html", **facts)
    return Letter(
        message_id=f"<{message.id}@{sender.rpartition('@')[2]}>",
        sender=sender,
        to=_deliverable(known.contact.email),
        name=facts["name"],
        subject=facts["subject"],
        text=text,
        html=html,
        made_at=moment,
        brand=brand,
    )


def path_of(message: Message, known: Known) -> str:
    """The page of the hub that the message leads to, without any secret."""
    return BY_KIND[message.kind].path.format(slug=known.slug)


def _facts(message: Message, known: Known, moment: datetime) -> dict[str, Any]:
    """All that the words of a template may use."""
    contact, gathering = known.contact, known.gathering
    assert contact is not None
    thing = gathering or known.post or known.demo_case or known.organisation or known.poll
    title = _one_line(thing.title) if thing else ""
    listed = [(_("What"), title)] if thing else []
    if gathering:
        listed += [
            *_dates(message, gathering, moment),
            (_("When"), _when(gathering, contact.time_zone, moment)),
            (_("Where"), _where(gathering)),
        ]
    if known.poll and known.poll.closes_at and BY_KIND[message.kind].link == "ballot":
        answer_by = moment_in(known.poll.closes_at, _zone(contact), moment.date())
        listed.append((_("Answer by"), answer_by))
    listed += [
        (_(_KEPT.get(service, service)), moment_in(at, _zone(contact), moment.date()))
        for service, at in known.receipt
    ]
    data = message.data
    return {
        # Anybody can enter anybody's address beside any name: only a member is called by it.
        "name": _one_line(contact.name) if contact.status == "member" else "",
        "title": title,
        "facts": listed,
        "granted": bool(data.get("granted")),
        "following": bool(data.get("following")),
        "changed": _listing(data.get("changed", ())),
        "waitlisted": known.registration is not None and known.registration.status == "waitlisted",
        "until": _until(data.get("erase_at") or data.get("until"), contact, moment),
        "count": len(data.get("contact_ids", ())) + len(data.get("organisation_ids", ())),
    }


def _block(kind: str, name: str, facts: dict[str, Any]) -> str:
    template = _TEXT.get_template(f"{kind}.j2")
    return _one_line("".join(template.blocks[name](template.new_context(facts))))


def _language(known: Known) -> str:
    """The person's language, if the hub offers it (still); else one that it does."""
    assert known.contact is not None
    offered = known.languages or tuple(LANGUAGES)
    if known.contact.language in offered:
        return known.contact.language
    return SOURCE if SOURCE in offered else offered[0]


def _dates(message: Message, gathering: KnownGathering, moment: datetime) -> list[tuple[str, str]]:
    """The one date that a message is about: when it was to be, and when it is now."""
    if not message.data.get("occurrence"):
        return []
    told = [(_("Date"), _local(message.data["occurrence"], gathering, moment))]
    now = message.data.get("starts_local")
    if now and now != message.data["occurrence"]:
        told.append((_("Now"), _local(now, gathering, moment)))
    return told


def _local(value: str, gathering: KnownGathering, moment: datetime) -> str:
    local = datetime.fromisoformat(value)
    return f"{day_of(local, moment.date())}, {clock(local)} ({city(gathering.time_zone)})"


def _when(gathering: KnownGathering, own_zone: str, moment: datetime) -> str:
    assert gathering.starts_local is not None
    assert gathering.ends_local is not None
    text = when(
        starts_local=gathering.starts_local,
        ends_local=gathering.ends_local,
        time_zone=gathering.time_zone,
        own_zone=own_zone if own_zone in zone_names() else None,
        today=moment.date(),
    ).words
    if gathering.rrule:
        text += f"; {times.repetition(gathering.rrule, gathering.starts_local, moment.date())}"
    return text


def _zone(contact: KnownContact) -> str:
    return contact.time_zone if contact.time_zone in zone_names() else "UTC"


def _until(at: str | None, contact: KnownContact, moment: datetime) -> str:
    """The end of a time to come back, in the person's own zone."""
    return moment_in(datetime.fromisoformat(at), _zone(contact), moment.date()) if at else ""


def _where(gathering: KnownGathering) -> str:
    if gathering.mode == "online":
        return _("Online")
    place = _one_line(gathering.location)
    return _("{place}, and online").format(place=place) if gathering.mode == "hybrid" else place


def _listing(changed: list[str]) -> str:
    """The changed fields in words, such as 'the time and the place'."""
    named = list(dict.fromkeys(_(_CHANGED.get(name, _OTHER)) for name in changed))
    return format_list(named, locale=locale(spoken()))


def _one_line(value: str) -> str:
    """Text on one line, without characters that a header or a line of text must not have."""
    return " ".join(_BREAKS.sub(" ", value).split())


def _deliverable(email: str) -> str:
    """The address in ASCII where that is possible (RFC 5890)."""
    try:
        checked = validate_email(email, check_deliverability=False)
    except EmailNotValidError as error:
        raise Undeliverable("the address cannot be written to") from error
    return checked.ascii_email or checked.normalized
