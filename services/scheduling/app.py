"""The scheduling service, put together."""

from services.kit.app import Service, build_app
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.scheduling.gatherings import routes as gatherings
from services.scheduling.gatherings import service
from services.scheduling.handlers import HANDLERS
from services.scheduling.made_up import routes as made_up
from services.scheduling.registrations import routes as registrations


def create(settings: Settings, peers: Peers) -> Service:
    """Scheduling as the settings say."""
    app = build_app(
        "scheduling", settings, [registrations.router, gatherings.router, made_up.router]
    )
    return Service(
        name="scheduling",
        settings=settings,
        database=app.state.database,
        app=app,
        groups=HANDLERS,
        timers={service.FINISH: service.finish},
    )
