"""Gatherings: what people attend."""
