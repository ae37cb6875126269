"""Incidents: opened, escalated, acknowledged, resolved, closed."""
