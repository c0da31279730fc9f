"""Registrations: seats and the waitlist."""
