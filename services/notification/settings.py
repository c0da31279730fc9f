"""Settings of notification: so far those of every service."""

from services.kit.settings import Settings

__all__ = ["Settings"]
