"""What pages answer while the database is away: come back soon, never a bare 500."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from alerts.pages.errors import answer_unavailable

logger = logging.getLogger(__name__)

METRICS = "/metrics"


class AnswerOutages:
    """Middleware: turns the loss of the database into 503 with Retry-After.

    The API and the webhooks do so by themselves, in their own form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return what the view answers."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer when it was the database that failed a view, else None."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.warning("the database did not answer: %s", type(error.__cause__).__name__)
        if request.path_info == METRICS:
            response = HttpResponse("unavailable\n", status=503, content_type="text/plain")
        else:
            response = answer_unavailable(request, status=503)
        response.headers["Retry-After"] = "5"
        return response
