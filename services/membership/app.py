"""The membership service, put together."""

from services.kit.app import Service, build_app
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.membership.accounts import routes as accounts
from services.membership.accounts import service
from services.membership.community import routes as community
from services.membership.contacts import routes as contacts
from services.membership.handlers import HANDLERS
from services.membership.joining import routes as joining
from services.membership.made_up import routes as made_up
from services.membership.organisations import routes as organisations


def create(settings: Settings, peers: Peers) -> Service:
    """Membership as the settings say."""
    app = build_app(
        "membership",
        settings,
        [
            accounts.router,
            community.router,
            contacts.router,
            joining.router,
            made_up.router,
            organisations.router,
        ],
    )
    return Service(
        name="membership",
        settings=settings,
        database=app.state.database,
        app=app,
        groups=HANDLERS,
        timers={
            service.FORGET_LINK: service.forget_link,
            service.FORGET_SESSION: service.forget_session,
        },
    )
