"""Knowledge: posts, what the community knows and shares."""
