"""Erasure: who is forgotten, who has confirmed it, and what is kept for how long."""
