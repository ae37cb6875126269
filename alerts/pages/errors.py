"""Answers for what no page has: unknown links, forged or outdated forms."""

from django.http import HttpRequest, HttpResponse

from alerts.domain.emergency import emergency_numbers
from alerts.pages.base import browser_language, private_page, render_page

USUAL_COUNTRY = "FR"


@private_page
def answer_not_found(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 - the signature of Django's handler404
) -> HttpResponse:
    """Answer alike for links unknown, expired or revoked, and for paths that never were."""
    return _answer(request, "not_found", status=404)


@private_page
def answer_forgery(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a POST without a valid token of this browser: a page left open too long, mostly."""
    return _answer(request, "form_too_old", status=403)


@private_page
def answer_unavailable(request: HttpRequest, *, status: int) -> HttpResponse:
    """Answer when we cannot: whoever came at night still gets the emergency numbers."""
    return _answer(request, "unavailable", status=status)


def _answer(request: HttpRequest, explanation: str, *, status: int) -> HttpResponse:
    numbers = emergency_numbers(USUAL_COUNTRY, USUAL_COUNTRY)
    context = {"explanation": explanation, "emergency": numbers, "reload_path": _page_of(request)}
    return render_page(
        request,
        "not_found.html",
        language=browser_language(request),
        context=context,
        status=status,
    )


def _page_of(request: HttpRequest) -> str:
    """Return the page that a form stood on: its path without the action."""
    return "/".join(request.path.split("/")[:3])
