"""Secret feed addresses: a member's own calendar, behind an address nobody can guess."""
