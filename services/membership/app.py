"""The membership service, put together."""

from datetime import timedelta
from functools import partial

from services.kit.app import Service, build_app
from services.kit.forgetting import SAY_AGAIN, say_again
from services.kit.keeping import Keeper
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.membership.accounts import routes as accounts
from services.membership.accounts import service
from services.membership.addresses import routes as addresses
from services.membership.checking import routes as checking_routes
from services.membership.checking import service as checking
from services.membership.community import routes as community
from services.membership.consents import routes as consents
from services.membership.contacts import freshness
from services.membership.contacts import routes as contacts
from services.membership.directory import routes as directory_routes
from services.membership.directory import service as directory
from services.membership.directory.index import Index
from services.membership.erasure import routes as erasure_routes
from services.membership.erasure import service as erasure
from services.membership.expertise import adopting, claims
from services.membership.expertise import routes as expertise_routes
from services.membership.exports import routes as export_routes
from services.membership.exports import service as exports
from services.membership.handlers import ERASURES, HANDLERS
from services.membership.identities import routes as identities
from services.membership.imports import routes as imports
from services.membership.joining import invitations
from services.membership.joining import routes as joining
from services.membership.leaving import routes as leaving_routes
from services.membership.leaving import service as leaving
from services.membership.made_up import routes as made_up
from services.membership.moderation import routes as moderation
from services.membership.organisations import routes as organisations
from services.membership.passkeys import routes as passkeys
from services.membership.personal import routes as personal
from services.membership.regions import routes as regions
from services.membership.representatives import routes as representatives
from services.membership.roles import routes as roles


def create(settings: Settings, peers: Peers) -> Service:
    """Membership as the settings say."""
    app = build_app(
        "membership",
        settings,
        [
            # Routes are looked at in this order; nothing else comes in such crowds.
            joining.router,
            accounts.router,
            addresses.router,
            checking_routes.router,
            community.router,
            consents.router,
            contacts.router,
            directory_routes.router,
            erasure_routes.router,
            expertise_routes.router,
            export_routes.router,
            identities.router,
            imports.router,
            leaving_routes.router,
            made_up.router,
            moderation.router,
            organisations.router,
            passkeys.router,
            personal.router,
            regions.router,
            representatives.router,
            roles.router,
        ],
    )
    app.state.directory = Index()
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    keeper = Keeper(app.state.database, [partial(erasure.expire, lag=lag), checking.watch])
    return Service(
        name="membership",
        settings=settings,
        database=app.state.database,
        app=app,
        groups=HANDLERS,
        workers=[keeper.run],
        after_batch={ERASURES: keeper.untidy},
        timers={
            service.FORGET_LINK: service.forget_link,
            service.FORGET_SESSION: service.forget_session,
            freshness.DOUBT: checking.doubt,
            freshness.HIDE: checking.hide,
            invitations.FORGET_INVITED: partial(
                invitations.forget_invited, erase=partial(erasure.erase, reason="term", lag=lag)
            ),
            adopting.ADOPT: adopting.adopt,
            claims.TELL: claims.tell_organisation,
            directory.FILL: directory.fill,
            leaving.ERASE: partial(erasure.erase_due, lag=lag),
            erasure.CHASE: erasure.chase,
            erasure.FORGET_ADDRESS: erasure.forget_address,
            exports.FORGET_EXPORT: exports.forget_export,
            SAY_AGAIN: partial(say_again, lag=lag),
        },
    )
