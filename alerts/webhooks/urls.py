"""The addresses that the provider calls."""

from django.urls import URLPattern, URLResolver, path

from alerts.webhooks.inbound import inbound
from alerts.webhooks.messages import message_status

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/<uuid:delivery_id>", message_status, name="message-status"),
    path("inbound", inbound, name="inbound-text"),
]
