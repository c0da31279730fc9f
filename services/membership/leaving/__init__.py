"""Leaving the hub: hidden at once, erased after two weeks, unless the person comes back."""
