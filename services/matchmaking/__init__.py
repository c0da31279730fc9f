"""Matchmaking: demo-cases, and who can help with them."""
