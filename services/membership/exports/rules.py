"""Pure decisions about exports."""

from datetime import timedelta

EXPORT_LIFETIME = timedelta(minutes=30)
"""How long the link to one's data can be used."""
