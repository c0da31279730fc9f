"""The desk of moderators: accounts, listed or not, and what was done to them."""
