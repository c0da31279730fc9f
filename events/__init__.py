"""What services say to each other, and how it travels (the lowest layer)."""
