"""What is kept about one person here: shown to them, and forgotten when they are erased."""
