"""Whether this process lives and its database answers."""

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

READY_WITHIN_MS = 2000


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer: the process is alive."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer 200 when the database does; a late watcher must not take the API away."""
    try:
        ask_database()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "part": "database"}, status=503)
    return JsonResponse({"status": "ready"})


def ask_database() -> None:
    """Return once the database has answered, or raise DatabaseError soon."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {READY_WITHIN_MS}")
        cursor.execute("SELECT 1")


urlpatterns = [path("livez", live, name="livez"), path("readyz", ready, name="readyz")]
