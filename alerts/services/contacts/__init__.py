"""Trusted contacts: added by their owner, asked, proved, stopped."""
