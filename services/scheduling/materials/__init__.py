"""Materials: what is left of a gathering for those who had a seat."""
