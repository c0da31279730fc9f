"""Notices: what a member finds in the inbox on the hub's pages."""
