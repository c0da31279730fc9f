"""What knowledge does when others say something: nothing yet, posts stand by themselves."""

from events.consumer import Handlers

HANDLERS: dict[str, Handlers] = {}
