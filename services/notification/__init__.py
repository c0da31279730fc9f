"""Notification: the right word to the right person, once."""
