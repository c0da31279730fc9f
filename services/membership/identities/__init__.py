"""Identities: accounts at other places (OpenID Connect) that members sign in with."""
