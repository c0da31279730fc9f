"""Joining: from the web form to an active account."""
