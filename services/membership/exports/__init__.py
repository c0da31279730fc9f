"""Exports: a member takes away everything the hub holds on them, by a link that works once."""
