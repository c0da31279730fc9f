"""What the privacy page and the guide to running the hub say of terms is what the services do."""

from pathlib import Path

from hub.terms import TERMS
from services.membership.accounts.rules import LINK_LIFETIMES, SESSION_LIFETIME
from services.membership.contacts.freshness import HOLDS, SILENCE
from services.membership.erasure.rules import (
    ADDRESS_KEPT,
    GUESTS_KEPT,
    INVITED_KEPT,
    PENDING_KEPT,
)
from services.membership.leaving.rules import UNDO
from services.notification.messages.service import LEDGER_KEPT
from services.notification.notices.service import NOTICES_KEPT
from tests.hub.gateway import Browser, text_of


def test_terms_are_those_of_the_services() -> None:
    kept = (PENDING_KEPT, INVITED_KEPT, LINK_LIFETIMES["invite"], GUESTS_KEPT, HOLDS, SILENCE,
            LINK_LIFETIMES["address-back"], UNDO, ADDRESS_KEPT, SESSION_LIFETIME,
            NOTICES_KEPT, LEDGER_KEPT)  # fmt: skip
    assert [term.days for term in TERMS] == [each.days for each in kept]


def test_privacy_page_says_them(stranger: Browser) -> None:
    shown = text_of(stranger.get("/privacy"))
    assert "Your registrations: 730 days after the event; then only counts stay" in shown
    assert "An account that is never confirmed: 7 days." in shown


def test_guide_says_them() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    rows = [
        f"| accounts never confirmed | {PENDING_KEPT.days} days |",
        f"| people of an import who were not invited | {INVITED_KEPT.days} days |",
        f"| people invited who do not answer | {LINK_LIFETIMES['invite'].days} days |",
        f"| guests | {GUESTS_KEPT.days} days after they last registered |",
        "| a profile is shown unasked; after the question | "
        f"{HOLDS.days} days; {SILENCE.days} days, then it is hidden |",
        "| a wish for another address; the way back to the old one | "
        f"{LINK_LIFETIMES['address'].total_seconds() / 3600:.0f} hours; "
        f"{LINK_LIFETIMES['address-back'].days} days |",
        f"| members who left | {UNDO.days} days, in which they can come back |",
    ]
    assert [row for row in rows if row not in guide] == []
