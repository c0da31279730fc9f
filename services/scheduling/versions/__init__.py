"""What a gathering was before, and what changed."""
