"""Imports: people and organisations from files, many at once, each of them once."""
