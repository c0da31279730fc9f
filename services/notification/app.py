"""The notification service, put together."""

from services.kit.app import Service, build_app
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.notification.handlers import HANDLERS, SEND
from services.notification.mailbox import routes as mailbox
from services.notification.notices import routes as notices
from services.notification.projection import DIRECTORY, TABLES
from services.notification.sender import Sender


def create(settings: Settings, peers: Peers) -> Service:
    """Notification as the settings say."""
    app = build_app("notification", settings, [notices.router, mailbox.router])
    sender = Sender(app.state.database, settings, peers)
    return Service(
        name="notification",
        settings=settings,
        database=app.state.database,
        app=app,
        groups=HANDLERS,
        projections={DIRECTORY: TABLES},
        workers=[sender.run],
        after_batch={SEND: sender.wake, DIRECTORY: sender.wake},
    )
