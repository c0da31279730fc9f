"""The community itself: its name, languages and who answers for it."""
