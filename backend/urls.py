"""Every address of the service."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "backend.refusals.answer_bad_request"
handler403 = "backend.refusals.answer_forbidden"
handler404 = "backend.refusals.answer_not_found"
handler500 = "backend.refusals.answer_failure"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("alerts.api.urls")),
    path("", include("alerts.api.health")),
    path("", include("alerts.api.alertz")),
    path("webhooks/twilio/", include("alerts.webhooks.urls")),
    path("", include("alerts.pages.urls")),
]
