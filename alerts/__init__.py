"""Vigie's one Django application: check-in timers, incidents, escalation and the outbox."""
