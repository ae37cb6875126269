"""Meetups and their timers, from planning to a missed check-in."""
