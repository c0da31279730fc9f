"""Files: what people bring, as long as anything refers to it."""
