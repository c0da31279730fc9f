"""The matchmaking service, put together."""

from services.kit.app import Service, build_app
from services.kit.keeping import Keeper
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.matchmaking.demo_cases import routes as demo_cases
from services.matchmaking.handlers import HANDLERS, forgetting
from services.matchmaking.made_up import routes as made_up
from services.matchmaking.matches import routes as matches
from services.matchmaking.personal import routes as personal
from services.matchmaking.projection import INDEX, TABLES


def create(settings: Settings, peers: Peers) -> Service:
    """Matchmaking as the settings say."""
    app = build_app(
        "matchmaking",
        settings,
        [demo_cases.router, made_up.router, matches.router, personal.router],
    )
    forgets = forgetting(settings)
    keeper = Keeper(app.state.database)
    return Service(
        name="matchmaking",
        settings=settings,
        database=app.state.database,
        app=app,
        groups={**HANDLERS, **forgets.groups},
        projections={INDEX: TABLES},
        timers=forgets.timers,
        workers=[keeper.run],
        after_batch={forgets.group: keeper.untidy},
    )
