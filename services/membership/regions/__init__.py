"""Regions of the partnership: with a name of their own, made of NUTS regions of any level."""
