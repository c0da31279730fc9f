"""Matches: members and organisations ranked for a demo-case, with reasons."""
