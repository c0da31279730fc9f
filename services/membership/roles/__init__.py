"""Roles: who was given which, by whom, and for which region."""
