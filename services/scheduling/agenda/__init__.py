"""Agenda: the sessions of a gathering, in rooms and tracks."""
