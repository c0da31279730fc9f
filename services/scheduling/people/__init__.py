"""People of a gathering besides its organiser: those who help to run it, and its hosts."""
