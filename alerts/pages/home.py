"""The front page: somebody who looks up the domain of a text learns nothing from it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from alerts.pages.base import browser_language, private_page, render_page


@require_safe
@private_page
def home(request: HttpRequest) -> HttpResponse:
    """Answer with a neutral page."""
    return render_page(request, "home.html", language=browser_language(request))
