"""Suspensions: accounts that a moderator closed for now."""
