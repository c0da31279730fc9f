"""Imports: gatherings from other calendars, each of them once."""
