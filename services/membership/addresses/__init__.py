"""Addresses: a member moves to another e-mail address, and can move back."""
