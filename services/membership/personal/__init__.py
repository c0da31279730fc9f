"""What is kept about one person here: shown to them."""
