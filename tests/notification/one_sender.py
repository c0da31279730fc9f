"""A sender in a process of its own, which may be killed: sends what is due, then ends."""

from services.kit.db import open_database
from services.kit.identity import Signer, private_key
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.notification.sender import Sender
from tests.notification.world import Owners

settings = Settings()
peers = Peers(settings, Signer("notification", private_key(settings.data_dir, "notification")))
for owner in ("membership", "scheduling"):
    peers.here(owner, Owners().app)
sender = Sender(open_database("notification", settings), settings, peers)
while sender.step():
    pass
