"""Contacts: people with a name and an e-mail address, guests and members alike."""
