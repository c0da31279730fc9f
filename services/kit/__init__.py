"""How a service is built; no domain words in here."""
