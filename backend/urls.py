"""Every address of the service."""

from django.urls import URLPattern, URLResolver, include, path

handler404 = "alerts.pages.errors.answer_not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("alerts.pages.urls")),
]
