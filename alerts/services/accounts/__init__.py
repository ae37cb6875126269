"""Accounts: signing in, sessions, PINs, profile, erasure."""
