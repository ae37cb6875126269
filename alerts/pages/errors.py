"""Answers for what no page has: unknown links, forged forms."""

from django.http import HttpRequest, HttpResponse


def answer_forgery(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a POST without a valid token of this browser."""
    return HttpResponse("403", status=403, content_type="text/plain")
