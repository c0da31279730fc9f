"""Reminders: those with a seat hear of each date the day before."""
