"""The notification service, put together."""

from services.kit.app import Service, build_app
from services.kit.keeping import Keeper
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.notification.handlers import HANDLERS, SEND, forgetting
from services.notification.mailbox import routes as mailbox
from services.notification.mailbox import service as mail_terms
from services.notification.messages import service as messages
from services.notification.notices import routes as notices
from services.notification.notices import service as notice_terms
from services.notification.personal import routes as personal
from services.notification.projection import DIRECTORY, TABLES
from services.notification.sender import Sender

SWEEPS = (messages.expire, notice_terms.expire, mail_terms.expire)


def create(settings: Settings, peers: Peers) -> Service:
    """Notification as the settings say."""
    app = build_app("notification", settings, [notices.router, mailbox.router, personal.router])
    forgets = forgetting(settings)
    keeper = Keeper(app.state.database, SWEEPS)
    sender = Sender(app.state.database, settings, peers)
    return Service(
        name="notification",
        settings=settings,
        database=app.state.database,
        app=app,
        groups={**HANDLERS, **forgets.groups},
        projections={DIRECTORY: TABLES},
        timers=forgets.timers,
        workers=[sender.run, keeper.run],
        after_batch={SEND: sender.wake, DIRECTORY: sender.wake, forgets.group: keeper.untidy},
    )
