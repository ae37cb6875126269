"""The application's registration with Django."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Vigie's one application."""

    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"
