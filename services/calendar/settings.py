"""Settings of calendar: those of every service, and its own switches."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit.settings import Settings

__all__ = ["FeedSettings", "Settings"]


class FeedSettings(BaseSettings):
    """How feeds are answered (environment prefix HUB_FEED_)."""

    model_config = SettingsConfigDict(env_prefix="HUB_FEED_", extra="ignore")

    gzip: bool = True
    """Sends feeds compressed to apps that ask for it; off should an app have trouble with it."""
