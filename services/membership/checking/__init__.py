"""Checking: once a year members are asked whether their profile still holds."""
