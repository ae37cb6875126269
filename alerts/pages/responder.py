"""The alert page: what a trusted contact reads and answers at night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.domain.emergency import HelpLine, contact_page_lines
from alerts.domain.errors import AlertsError
from alerts.domain.languages import Language
from alerts.domain.standing import Action, Standing
from alerts.pages.base import page_language, private_page, render_page, see_page
from alerts.pages.emergency_panel import EmergencyPanel, emergency_panel
from alerts.pages.errors import answer_not_found
from alerts.pages.responder_words import ResponderWords
from alerts.pages.reveal import forget_reveal, is_revealed, remember_reveal
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contact_view import ContactView, view_alert
from alerts.selectors.links import find_link_subject
from alerts.services.contacts.consent import (
    accept_from_alert,
    refuse_from_alert,
    stop_from_alert,
)
from alerts.services.incidents.responses import (
    WAYS_TO_KNOW,
    acknowledge_incident,
    decline,
    doubt,
    hand_over,
    record_reveal,
    report_safe,
    take_back_decline,
    update_acknowledgement,
)

ACTS: dict[str, Callable[..., None]] = {
    "acknowledge": acknowledge_incident,
    "update": update_acknowledgement,
    "hand-over": hand_over,
    "decline": decline,
    "take-back": take_back_decline,
    "accept": accept_from_alert,
    "refuse": refuse_from_alert,
    "doubt": doubt,
    "stop": stop_from_alert,
}
BEFORE_ACCEPTING = frozenset({"accept", "refuse", "stop"})
SAFE_STANDINGS = frozenset(
    {Standing.Open, Standing.Mine, Standing.Others, Standing.Declined, Standing.Closed}
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a valid link: who reads, when, and what they are shown."""

    request: HttpRequest
    path: str
    now: datetime
    view: ContactView

    @property
    def is_post(self) -> bool:
        """Whether something is to be done; a form's address typed or reloaded does nothing."""
        return self.request.method == "POST"

    @property
    def language(self) -> Language:
        """The language picked on the page, else the contact's own."""
        return page_language(self.request, self.view.language)

    def see_page(self, **more: str) -> HttpResponse:
        """Return the way back to the page."""
        return see_page(self.request, self.path, **more)


@require_safe
@private_page
def alert_page(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with how things stand; reading changes nothing and shows nothing personal."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    return _render(visit, "responder/page.html", is_too_late="too_late" in request.GET)


@require_safe
@private_page
def alert_state(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the headline for a page that is open; 304 while nothing has changed."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    announcement = ResponderWords(visit.view, visit.language).announcement()
    body = {"state": visit.view.standing.value, "announcement": announcement}
    etag = _etag(visit)
    fresh = JsonResponse(body, headers={"ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=fresh)
    return answer if isinstance(answer, HttpResponseNotModified) else fresh


@require_http_methods(["GET", "POST"])
@private_page
def act(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """Carry out an answer and return to the page; pressed twice, nothing is done twice."""
    visit = _find_visit(request, token)
    if visit is None or action not in ACTS:
        return answer_not_found(request)
    if not visit.is_post:
        return visit.see_page()
    is_early = visit.view.standing is Standing.Asked and action not in BEFORE_ACCEPTING
    return _too_late(visit) if is_early else _carry_out(visit, ACTS[action])


@require_http_methods(["GET", "POST"])
@private_page
def reveal(request: HttpRequest, token: str) -> HttpResponse:
    """Record that the details were asked for and let this browser show them for a while."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    if not visit.is_post or Action.Reveal not in visit.view.actions:
        return visit.see_page()
    responder_id = visit.view.responder_id
    record_reveal(responder_id=responder_id, now=visit.now)
    response = visit.see_page(anchor="details")
    remember_reveal(response, path=visit.path, responder_id=responder_id, now=visit.now)
    return response


@require_http_methods(["GET", "POST"])
@private_page
def safe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more before an incident ends by a contact's word (GET), then end it (POST)."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    how = (request.POST if visit.is_post else request.GET).get("how", "")
    if how not in WAYS_TO_KNOW or visit.view.standing is Standing.Resolved:
        return visit.see_page()
    if visit.view.standing not in SAFE_STANDINGS:
        return _too_late(visit)
    if not visit.is_post:
        return _render(visit, "responder/confirm.html", how=how)
    return _carry_out(visit, partial(report_safe, how=how))


@require_safe
@private_page
def leave(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Take the reveal cookie back and lead to a neutral site."""
    response = redirect(alerts_settings().quick_exit_url)
    forget_reveal(response, path=_path(token))
    return response


def _find_visit(request: HttpRequest, token: str) -> Visit | None:
    now = database_now()
    responder_id = find_link_subject(LinkPurpose.Responder, token, now=now)
    if responder_id is None:
        return None
    revealed = is_revealed(request, responder_id=responder_id, now=now)
    view = view_alert(responder_id, is_revealed=revealed, now=now)
    return Visit(request, _path(token), now, view) if view else None


def _carry_out(visit: Visit, service: Callable[..., None]) -> HttpResponse:
    try:
        service(responder_id=visit.view.responder_id, now=visit.now)
    except AlertsError:
        return _too_late(visit)
    return visit.see_page()


def _too_late(visit: Visit) -> HttpResponse:
    """Return to the page, which says that this is not possible any more, and what is."""
    return visit.see_page(too_late="1")


def _render(visit: Visit, template: str, **more: Any) -> HttpResponse:  # noqa: ANN401
    view, written = visit.view, ResponderWords(visit.view, visit.language)
    panel = emergency_panel(view, written)
    context = {
        "view": view,
        "written": written,
        "moments": written.moments,
        "banner": written.banner(),
        "can": {action.name: action in view.actions for action in Action},
        "path": visit.path,
        "panel": panel,
        "help_lines": _other_lines(view, panel),
        "etag": _etag(visit),
        **more,
    }
    return render_page(visit.request, template, language=visit.language, context=context)


def _other_lines(view: ContactView, panel: EmergencyPanel) -> list[HelpLine]:
    """Return the lines that may help a contact and do not stand above already."""
    shown = {call.number for call in panel.calls}
    return [line for line in contact_page_lines(view.country) if line.code not in shown]


def _etag(visit: Visit) -> str:
    return quote_etag(f"{visit.view.fingerprint()}-{visit.language}")


def _path(token: str) -> str:
    return reverse("alert", args=[token])
