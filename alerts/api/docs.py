"""The API's own description, and a page to read it; only with API_DOCS."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from alerts.conf import alerts_settings

View = Callable[..., HttpResponseBase]

# The page's scripts and styles come from this server; its style sheet is partly inline.
PAGE_POLICY: dict[str, Any] = {
    "script-src": [SELF],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
}


def only_with_docs(view: View) -> View:
    """Let the view exist only where API_DOCS is set."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not alerts_settings().api_docs:
            raise Http404
        return view(request)

    return guarded


class Schema(SpectacularAPIView):
    """The OpenAPI document."""

    def _get_version_parameter(self, request: HttpRequest) -> None:
        """Return no version: there is one document, and a file name is no place for input."""


urlpatterns = [
    path("schema", only_with_docs(Schema.as_view()), name="schema"),
    path(
        "docs",
        only_with_docs(
            csp_replace(PAGE_POLICY)(SpectacularSwaggerSplitView.as_view(url_name="schema"))
        ),
        name="docs",
    ),
]
