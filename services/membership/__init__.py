"""Membership: contacts, their accounts and their organisations."""
