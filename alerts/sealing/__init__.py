"""Encryption at rest: data keys, sealed documents, keyed look-ups, link tokens."""
