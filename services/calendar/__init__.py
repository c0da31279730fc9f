"""The calendar service: feeds and secret feed addresses, all of it read from state."""
