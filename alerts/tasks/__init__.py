"""What Celery's workers run: the overflow of sending, and all that can wait."""

from alerts.tasks.outbox import send_batch

__all__ = ["send_batch"]
