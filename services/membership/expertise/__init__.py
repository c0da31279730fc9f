"""Expertise: terms of a vocabulary, who claims them, and who confirms it."""
