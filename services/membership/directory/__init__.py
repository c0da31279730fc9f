"""The directory: who and what can be found, by name, expertise, side and region."""
