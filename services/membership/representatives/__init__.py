"""Representatives: who speaks for an organisation, and who asks to."""
