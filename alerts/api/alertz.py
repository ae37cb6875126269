"""For monitors: whether alerts leave in time, and the figures behind it."""

from collections.abc import Callable
from functools import wraps
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from alerts.api.figures import write_figures
from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.delivery.broker import broker_answers
from alerts.selectors.health import list_late_parts

LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
View = Callable[[HttpRequest], HttpResponse]


def for_monitors(view: View) -> View:
    """Let in only this machine itself, or whoever knows METRICS_TOKEN."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if _comes_from_here(request) or _has_token(request):
            return view(request)
        return HttpResponse(status=403)

    return never_cache(require_safe(guarded))


@for_monitors
def alertz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer 503 naming what is more than 30 s late; a dead broker only degrades."""
    degraded = [] if broker_answers(settings.CELERY_BROKER_URL) else ["broker"]
    try:
        late = list_late_parts(now=database_now())
    except DatabaseError:
        body = {"status": "unavailable", "late": [{"part": "database"}], "degraded": degraded}
        return JsonResponse(body, status=503)
    parts = [{"part": part.part, "seconds": int(part.late_by.total_seconds())} for part in late]
    status = "late" if parts else "fine"
    body = {"status": status, "late": parts, "degraded": degraded}
    return JsonResponse(body, status=503 if parts else 200)


@for_monitors
def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer the figures in the text format of Prometheus."""
    return HttpResponse(write_figures(now=database_now()), content_type=CONTENT_TYPE_LATEST)


def _comes_from_here(request: HttpRequest) -> bool:
    """Whether the caller is on this machine, and not somebody behind its proxy."""
    is_forwarded = any(header in request.headers for header in FORWARDED_HEADERS)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not is_forwarded


def _has_token(request: HttpRequest) -> bool:
    token = alerts_settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and compare_digest(given.encode(), token.encode())


urlpatterns = [path("alertz", alertz, name="alertz"), path("metrics", metrics, name="metrics")]
