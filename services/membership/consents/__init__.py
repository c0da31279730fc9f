"""Consents: what is asked for which purpose in which words, and the record of every answer."""
