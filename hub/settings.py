"""What the gateway reads from the environment, beside the settings of every process."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from services.kit.fields import Slug, Zone
from services.kit.settings import Settings as KitSettings


class OidcProvider(BaseModel):
    """A provider of OpenID Connect, and as what the hub is known there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Slug
    """Part of the return address, which is registered there: ADDRESS/sign-in/with/NAME/return."""
    label: str
    """What people read on the button."""
    issuer: str
    """Its address as it says it itself; its settings are found below it."""
    client_id: str
    client_secret: SecretStr
    scopes: str = "openid email profile"


class Settings(KitSettings):
    """Settings of a process that serves people."""

    name: str = "Co-creation Hub"
    """What the hub is called on its pages."""
    time_zone: Zone = "Europe/Brussels"
    """Zone that forms offer first."""
    session_cache: float = 30.0
    """Seconds a looked-up session is trusted without asking membership again."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies, with commas between them, whose word on who asks counts."""
    limit_mails: int = 300
    """Forms within ten minutes from one address that have a mail sent; 0 for any number."""
    limit_secrets: int = 300
    """Codes, links and keys tried within ten minutes from one address; 0 for any number."""
    limit_writes: int = 1200
    """Other forms of visitors within ten minutes from one address; 0 for any number."""

    oidc: list[OidcProvider] = []
    """Providers at which people have accounts that sign them in (JSON)."""

    @property
    def secure(self) -> bool:
        """Whether people reach the hub by https."""
        return self.address.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """Name of the session cookie."""
        return self.cookie("hub_session")

    def cookie(self, name: str) -> str:
        """The name of a cookie that decides something.

        `__Host-` binds it to this host and to https, so that no neighbour can plant one.
        """
        return f"__Host-{name}" if self.secure else name

    @property
    def authority(self) -> str:
        """Host and port of the public address."""
        return urlsplit(self.address).netloc
