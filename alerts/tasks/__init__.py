"""Celery tasks: what can wait, and the overflow of the sender."""
