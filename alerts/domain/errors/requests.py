"""Refusals about requests as such."""

from alerts.domain.errors.base import AlertsError


class IdempotencyConflict(AlertsError):
    """The first request with this key is still under way."""

    code = "idempotency_in_flight"
    title = "The first request with this key is still being answered."


class IdempotencyMismatch(AlertsError):
    """The key was used with another request."""

    code = "idempotency_mismatch"
    title = "This key was used with another request."
