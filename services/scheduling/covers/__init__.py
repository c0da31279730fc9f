"""Covers: the picture by which a gathering is known."""
