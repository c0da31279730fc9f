"""Accounts: joining, the links that mails carry, and sessions."""
