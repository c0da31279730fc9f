"""The knowledge service, put together."""

from services.kit.app import Service, build_app
from services.kit.keeping import Keeper
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.knowledge.handlers import forgetting
from services.knowledge.made_up import routes as made_up
from services.knowledge.personal import routes as personal
from services.knowledge.posts import routes as posts


def create(settings: Settings, peers: Peers) -> Service:
    """Knowledge as the settings say."""
    app = build_app("knowledge", settings, [made_up.router, personal.router, posts.router])
    forgets = forgetting(settings)
    keeper = Keeper(app.state.database)
    return Service(
        name="knowledge",
        settings=settings,
        database=app.state.database,
        app=app,
        groups=forgets.groups,
        timers=forgets.timers,
        workers=[keeper.run],
        after_batch={forgets.group: keeper.untidy},
    )
