"""Dates of a gathering: what its rule gives, and what is otherwise about one of them."""
