"""Polls: which of several dates suits the people who are needed."""
