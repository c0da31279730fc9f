"""Messages: the ledger of who is told what by which channel, and the queue of mail."""
