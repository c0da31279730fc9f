"""Settings every process reads from the environment (prefix HUB_)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What may differ from one installation to the next."""

    model_config = SettingsConfigDict(env_prefix="HUB_", extra="ignore")

    data_dir: Path = Path("data")
    """Folder of SQLite files and keys."""
    database_url: str | None = None
    """PostgreSQL for all services, a schema each; empty means SQLite in `data_dir`."""
    kafka: str | None = None
    """Kafka bootstrap servers; empty means the embedded log."""
    kafka_prefix: str = "hub"
    """First part of topic and group names."""
    kafka_replication: int = 1
    """Copies of each topic on the cluster."""
    kafka_compaction_lag: int = 24 * 3600
    """Seconds until what a newer state or a tombstone replaced is gone from Kafka, about."""
    registrations_kept: int = 730
    """Days after an event until its registrations are counts without names."""
    durability: Literal["normal", "full"] = "normal"
    """SQLite `synchronous`: normal survives kill -9, full also a power cut."""
    threads: int = 24
    """Requests served at once by one process, and database connections a service may hold."""
    host: str = "127.0.0.1"
    """Address the web server listens on."""
    port: int = 8000
    """Port the web server listens on."""
    public_url: str = ""
    """Address people reach the hub at; empty means http://HOST:PORT."""
    service_urls: dict[str, str] = {}
    """Where the gateway reaches each service that runs as its own process (JSON)."""
    development: bool = True
    """Shows /dev pages, every mail among them; off by itself where PUBLIC_URL is https."""
    smtp_url: str | None = None
    """smtp://[user:password@]host:port or smtps://...; empty means the mailbox at /dev/mailbox."""
    mail_from: str = "Co-creation Hub <hub@localhost>"
    """Sender of every mail."""
    body_limit: int = 1_000_000
    """Bytes a request body may have."""
    upload_limit: int = 20_000_000
    """Bytes a file that somebody brings may have."""

    @model_validator(mode="after")
    def _no_mails_for_everybody(self) -> Self:
        """A hub that people reach shows nobody's mails unless that is said in so many words."""
        if "development" not in self.model_fields_set and self.public_url.startswith("https://"):
            self.development = False
        return self

    @property
    def address(self) -> str:
        """The public address without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
