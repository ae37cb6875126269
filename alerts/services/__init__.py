"""Use cases: the only writers; they own the transaction."""
