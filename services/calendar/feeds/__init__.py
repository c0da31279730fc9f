"""Feeds: what calendar apps subscribe to."""
