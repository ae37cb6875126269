"""The composition root: settings, URLs, the Celery application, the WSGI entry."""

from backend.celery import app as celery_app

__all__ = ["celery_app"]
