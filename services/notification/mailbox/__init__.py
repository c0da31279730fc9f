"""The mailbox: where mail goes while a hub is developed and has no mail server."""
