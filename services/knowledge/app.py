"""The knowledge service, put together."""

from services.kit.app import Service, build_app
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.knowledge.handlers import HANDLERS
from services.knowledge.made_up import routes as made_up
from services.knowledge.posts import routes as posts


def create(settings: Settings, peers: Peers) -> Service:
    """Knowledge as the settings say."""
    app = build_app("knowledge", settings, [made_up.router, posts.router])
    return Service(
        name="knowledge",
        settings=settings,
        database=app.state.database,
        app=app,
        groups=HANDLERS,
    )
