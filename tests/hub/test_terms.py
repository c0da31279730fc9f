"""What the privacy page says of terms is what the services do."""

from hub.terms import TERMS
from services.membership.accounts.rules import SESSION_LIFETIME
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
    kept = (PENDING_KEPT, INVITED_KEPT, GUESTS_KEPT, UNDO, ADDRESS_KEPT, SESSION_LIFETIME,
            NOTICES_KEPT, LEDGER_KEPT)  # fmt: skip
    assert [term.days for term in TERMS] == [each.days for each in kept]


def test_privacy_page_says_them(stranger: Browser) -> None:
    shown = text_of(stranger.get("/privacy"))
    assert "Your registrations: 730 days after the event; then only counts stay" in shown
    assert "An account that is never confirmed: 7 days." in shown
