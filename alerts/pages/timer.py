"""The owner's timer page: time left, a PIN, check in, extend. It never says what it is for."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from alerts.clock import database_now
from alerts.domain.errors import (
    AlertsError,
    ExtensionTooLong,
    PinLocked,
    PinRequired,
    PinsRequired,
    PinWrong,
)
from alerts.domain.languages import Language
from alerts.pages.base import page_language, private_page, render_page, see_page
from alerts.pages.errors import answer_not_found
from alerts.pages.moments import Moments
from alerts.pages.wording import wording
from alerts.sealing.tokens import LinkPurpose, derive_token
from alerts.selectors.links import find_link_subject
from alerts.selectors.timer_view import TimerView, view_timer
from alerts.services.meetups.timers import check_in, extend

EXTENSIONS = {"15": 15, "30": 30}  # minutes, as the buttons give them
FIRST_VERSION = 1  # of a timer's link
UNPROCESSABLE = 422
_EXPLAINED: dict[type[AlertsError], str] = {
    PinRequired: "pin_required",
    PinWrong: "pin_wrong",
    PinLocked: "pin_locked",
    PinsRequired: "pins_required",
    ExtensionTooLong: "too_long",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a valid timer link."""

    request: HttpRequest
    path: str
    now: datetime
    view: TimerView

    @property
    def language(self) -> Language:
        """The language picked on the page, else the owner's."""
        return page_language(self.request, self.view.owner.language)

    @property
    def pin(self) -> str | None:
        """What was typed, None when nothing was."""
        return self.request.POST.get("pin", "").strip() or None


@require_safe
@private_page
def timer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the time left."""
    visit = _find_visit(request, token)
    return _render(visit) if visit else answer_not_found(request)


@require_http_methods(["GET", "POST"])
@private_page
def timer_check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Check in, or keep a sign of life when it is too early, and return to the page."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    if request.method != "POST":
        return see_page(request, visit.path)
    view = visit.view
    try:
        check_in(
            owner=view.owner,
            meetup_id=view.meetup_id,
            timer_id=view.timer_id,
            pin=visit.pin,
            now=visit.now,
        )
    except AlertsError as error:
        return _refuse(visit, error)
    return see_page(request, visit.path)


@require_http_methods(["GET", "POST"])
@private_page
def timer_extend(request: HttpRequest, token: str) -> HttpResponse:
    """Move the deadline on and return to the page of the timer that runs then."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    minutes = EXTENSIONS.get(request.POST.get("minutes", ""))
    if request.method != "POST" or minutes is None or not visit.view.can_extend:
        return see_page(request, visit.path)
    view = visit.view
    try:
        extend(
            owner=view.owner,
            meetup_id=view.meetup_id,
            minutes=minutes,
            timer_id=view.timer_id,
            pin=visit.pin,
            now=visit.now,
        )
    except AlertsError as error:
        return _refuse(visit, error)
    return see_page(request, _path_after_extension(visit))


def _find_visit(request: HttpRequest, token: str) -> Visit | None:
    now = database_now()
    timer_id = find_link_subject(LinkPurpose.OwnerTimer, token, now=now)
    view = view_timer(timer_id, now=now) if timer_id else None
    return Visit(request, reverse("timer", args=[token]), now, view) if view else None


def _refuse(visit: Visit, error: AlertsError) -> HttpResponse:
    """Answer with the page as it stands now; what has to do with the PIN is said at its field."""
    key = _EXPLAINED.get(type(error))
    if key is None:  # over meanwhile: the page itself says how things stand
        return see_page(visit.request, visit.path)
    view = view_timer(visit.view.timer_id, now=visit.now) or visit.view  # a sign of life was kept
    seconds = error.retry_after_seconds if isinstance(error, PinLocked) else 0
    refused = replace(visit, view=view)
    return _render(refused, status=UNPROCESSABLE, error=key, error_seconds=seconds)


def _path_after_extension(visit: Visit) -> str:
    """Return this page's path, or that of the timer which took over: an overdue one is closed."""
    view = view_timer(visit.view.timer_id, now=visit.now)
    return _next_path(view) if view and not view.is_open and view.next_timer_id else visit.path


def _next_path(view: TimerView) -> str:
    token = derive_token(LinkPurpose.OwnerTimer, str(view.next_timer_id), FIRST_VERSION)
    return reverse("timer", args=[token])


def _render(visit: Visit, *, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401
    view = visit.view
    words = wording(visit.language, "timer")
    context = {
        "view": view,
        "moments": Moments(view.zone, view.zone, view.now, words),
        "path": visit.path,
        "next_path": _next_path(view) if view.next_timer_id else "",
        "extensions": EXTENSIONS,
        **more,
    }
    return render_page(
        visit.request, "timer/page.html", language=visit.language, context=context, status=status
    )
