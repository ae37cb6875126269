"""The application's registration with Django."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's name

from alerts.conf import alerts_settings

LONGEST_PUBLIC_URL = 17  # "https://" and nine characters: the texts were measured with that


class AlertsConfig(AppConfig):
    """Vigie's one application."""

    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"


@register(Tags.urls, deploy=True)
def check_public_url(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - the framework's signature
    **_options: object,
) -> list[CheckMessage]:
    """Warn of an address with which the longest texts take a second, paid segment."""
    public_url = alerts_settings().public_url
    if len(public_url) <= LONGEST_PUBLIC_URL:
        return []
    return [
        Warning(
            f"PUBLIC_URL has {len(public_url)} characters: the longest texts take two segments.",
            hint=f"Up to {LONGEST_PUBLIC_URL} characters (such as https://vigie.app) take one.",
            id="alerts.W001",
        )
    ]
