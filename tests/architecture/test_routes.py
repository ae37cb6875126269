"""Every route is guarded, or stands on a short list of those that are open, and why."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny

OPEN_API = {
    "api/v1/codes": "asks for a sign-in code",
    "api/v1/sessions": "POST signs in; GET asks for the session itself",
    "api/v1/schema": "the document, only with API_DOCS",
    "api/v1/docs": "the document's page, only with API_DOCS",
}


def routes(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


def is_open(callback: object) -> bool:
    view = getattr(callback, "cls", None)
    return view is None or any(issubclass(p, AllowAny) for p in view.permission_classes)


def test_every_api_route_needs_a_session_but_the_listed_ones() -> None:
    found = {
        path
        for path, callback in routes(get_resolver().url_patterns)
        if path.startswith("api/") and is_open(callback)
    }
    assert found <= set(OPEN_API)


def test_routes_outside_the_api_are_those_that_are_known() -> None:
    known = (
        "c/",
        "t/",
        "a/",
        "webhooks/twilio/",
        "livez",
        "readyz",
        "alertz",
        "metrics",
        "static/",
    )
    strange = {
        path
        for path, _ in routes(get_resolver().url_patterns)
        if path and not path.startswith(("api/v1/", *known))
    }
    assert strange <= {"exit"}
