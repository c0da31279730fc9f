"""Attendance: who came, how they came in, and the tickets they show."""
