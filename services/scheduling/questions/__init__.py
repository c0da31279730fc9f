"""Questions: what an organiser asks of those who register, and what they answer."""
