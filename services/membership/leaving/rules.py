"""Pure decisions about leaving."""

from datetime import timedelta

UNDO = timedelta(days=14)
"""How long somebody who left can come back as if nothing had happened."""
