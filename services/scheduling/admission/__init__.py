"""Admission: who may register for a gathering, when, and for which of its seats."""
