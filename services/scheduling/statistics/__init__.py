"""Statistics: how a gathering fills, and with whom."""
