"""The addresses of the reference, and Vigie's own."""

from django.urls import URLPattern, URLResolver, include, path

from tools.bench.reference.views import CheckIn

urlpatterns: list[URLPattern | URLResolver] = [
    path("reference/meetups/<uuid:meetup_id>/check-in", CheckIn.as_view()),
    path("", include("backend.urls")),
]
