"""Invitations: for whom a gathering is that is not for everybody."""
