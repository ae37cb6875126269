"""Answers for what no view has answered: problems under /api/, pages elsewhere."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from alerts.api.errors import CONTENT_TYPE, Refusal, language_of_reader, problem_document
from alerts.api.problems import PROBLEMS
from alerts.pages.errors import answer_not_found as answer_page_not_found
from alerts.pages.errors import answer_unavailable

API_ROOT = "/api/"


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is malformed or too large (400, 413)."""
    if not _is_for_api(request):
        return defaults.bad_request(request, exception)
    is_too_large = isinstance(exception, RequestDataTooBig)
    return _problem(request, "body_too_large" if is_too_large else "bad_request")


def answer_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what is not allowed (403)."""
    if not _is_for_api(request):
        return defaults.permission_denied(request, exception)
    return _problem(request, "permission_denied")


def answer_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what does not exist (404)."""
    if not _is_for_api(request):
        return answer_page_not_found(request, exception)
    return _problem(request, "not_found")


def answer_failure(request: HttpRequest) -> HttpResponse:
    """Answer when something of ours went wrong (500)."""
    if not _is_for_api(request):
        return answer_unavailable(request, status=500)
    return _problem(request, "internal_error")


def _is_for_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_ROOT)


def _problem(request: HttpRequest, code: str) -> JsonResponse:
    kind = PROBLEMS[code]
    language = language_of_reader(request)
    return JsonResponse(
        problem_document(Refusal(kind=kind), request.path, language),
        status=kind.status,
        content_type=CONTENT_TYPE,
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )
