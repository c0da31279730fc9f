"""Scheduling: gatherings, and who has a seat in them."""
