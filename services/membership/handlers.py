"""What membership does when others say something: nothing yet, it decides by itself."""

from events.consumer import Handlers

HANDLERS: dict[str, Handlers] = {}
