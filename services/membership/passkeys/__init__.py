"""Passkeys: signing in with a device instead of a mail (WebAuthn)."""
