"""What the gateway reads from the environment, beside the settings of every process."""

from urllib.parse import urlsplit

from services.kit.fields import Zone
from services.kit.settings import Settings as KitSettings


class Settings(KitSettings):
    """Settings of a process that serves people."""

    name: str = "Co-creation Hub"
    """What the hub is called on its pages."""
    time_zone: Zone = "Europe/Brussels"
    """Zone that forms offer first."""
    session_cache: float = 30.0
    """Seconds a looked-up session is trusted without asking membership again."""

    @property
    def secure(self) -> bool:
        """Whether people reach the hub by https."""
        return self.address.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """Name of the session cookie; `__Host-` binds it to this host and to https."""
        return "__Host-hub_session" if self.secure else "hub_session"

    @property
    def authority(self) -> str:
        """Host and port of the public address."""
        return urlsplit(self.address).netloc
