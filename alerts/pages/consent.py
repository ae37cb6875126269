"""The pages of contacts: the invitation's, and the one that only their own number is told of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from alerts.clock import database_now
from alerts.delivery.registry import is_channel_available
from alerts.domain.errors import AlertsError, NotFound, QuotaExceeded
from alerts.domain.languages import Language
from alerts.domain.states import Channel, ContactState
from alerts.pages.base import (
    browser_language,
    page_language,
    private_page,
    render_page,
    see_page,
)
from alerts.pages.consent_forms import CorrectionForm, PreferencesForm
from alerts.pages.errors import answer_not_found
from alerts.pages.reveal import is_revealed, remember_reveal
from alerts.pages.service_card import service_card, service_numbers
from alerts.sealing.keys import CannotOpen
from alerts.selectors.consent_view import ConsentView, view_consent
from alerts.services.contacts.consent import (
    accept_invitation,
    confirm_number,
    refuse_invitation,
    stop_by_link,
    undo_stop,
)
from alerts.services.contacts.data import correct_contact, erase_contact, set_preferences

UNPROCESSABLE = 422
INVITATION_ACTS: dict[str, Callable[..., object]] = {
    "accept": accept_invitation,
    "refuse": refuse_invitation,
}
HOLDER_ACTS: dict[str, Callable[..., object]] = {
    "received": confirm_number,
    "stop": stop_by_link,
    "undo": undo_stop,
    "erase": erase_contact,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a valid link of a contact."""

    request: HttpRequest
    token: str
    now: datetime
    view: ConsentView

    @property
    def path(self) -> str:
        """The address of the link's page."""
        return reverse("consent", args=[self.token])

    @property
    def is_post(self) -> bool:
        """Whether something is to be done; a form's address typed or reloaded does nothing."""
        return self.request.method == "POST"

    @property
    def language(self) -> Language:
        """The language picked on the page, else the contact's own."""
        if self.view.contact is None:
            return browser_language(self.request)
        return page_language(self.request, self.view.contact.language)

    @property
    def just_accepted(self) -> bool:
        """Whether it is this browser that said yes, a short while ago, and nothing came of it yet.

        Others who hold the invitation's link learn neither the answer nor the trust word.
        """
        is_theirs = is_revealed(self.request, responder_id=self.view.contact_id, now=self.now)
        return is_theirs and self.view.state is ContactState.Accepted


@require_safe
@private_page
def consent_page(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with what the link's holder may see and do; reading changes nothing."""
    visit = _find_visit(request, token)
    if visit is None:
        return answer_not_found(request)
    return _invitation_page(visit) if visit.view.is_invitation else _holder_page(visit)


@require_http_methods(["GET", "POST"])
@private_page
def consent_act(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """Carry out what a button says and return to the page; pressed twice, nothing is done twice."""
    visit = _find_visit(request, token)
    acts = INVITATION_ACTS if visit and visit.view.is_invitation else HOLDER_ACTS
    if visit is None or action not in acts:
        return answer_not_found(request)
    if not visit.is_post:
        return see_page(request, visit.path)
    return _carry_out(visit, action, acts[action])


@require_http_methods(["GET", "POST"])
@private_page
def consent_preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Store how to speak to a contact, right after their yes and in the browser it came from."""
    visit = _find_visit(request, token)
    if visit is None or not visit.view.is_invitation:
        return answer_not_found(request)
    if not visit.is_post or not visit.just_accepted:
        return see_page(request, visit.path)
    form = PreferencesForm(request.POST, visit.view, visit.language)
    if not form.is_valid():
        return _render(visit, "accepted", form=form, status=UNPROCESSABLE)
    preferences = form.preferences()
    set_preferences(purpose=visit.view.purpose, token=token, preferences=preferences, now=visit.now)
    return see_page(request, visit.path, saved="1")


@require_http_methods(["GET", "POST"])
@private_page
def consent_data(request: HttpRequest, token: str) -> HttpResponse:
    """Show the holder of the number what is kept about them, and take their corrections."""
    visit = _find_visit(request, token)
    if visit is None or visit.view.is_invitation:
        return answer_not_found(request)
    if visit.view.contact is None:
        return see_page(request, visit.path)
    form = CorrectionForm(request.POST if visit.is_post else None, visit.view, visit.language)
    if not visit.is_post:
        return _render(visit, "data", form=form)
    if not form.is_valid():
        return _render(visit, "data", form=form, status=UNPROCESSABLE)
    correct_contact(token=token, correction=form.correction(), now=visit.now)
    return see_page(request, reverse("consent-data", args=[token]), saved="1")


@require_safe
@private_page
def consent_card(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with a card of the service's numbers, to be let through at night."""
    visit = _find_visit(request, token)
    if visit is None or visit.view.is_invitation or not service_numbers():
        return answer_not_found(request)
    return service_card()


def _find_visit(request: HttpRequest, token: str) -> Visit | None:
    now = database_now()
    try:
        view = view_consent(token, now=now)
    except CannotOpen:
        return None
    return Visit(request, token, now, view) if view else None


def _carry_out(visit: Visit, action: str, service: Callable[..., object]) -> HttpResponse:
    is_taken_back = action == "refuse" and visit.view.state is ContactState.Accepted
    if is_taken_back and not visit.just_accepted:
        return see_page(visit.request, visit.path)
    try:
        service(token=visit.token, now=visit.now)
    except NotFound:
        return answer_not_found(visit.request)
    except QuotaExceeded:
        return see_page(visit.request, visit.path, later="1")
    except AlertsError:
        return see_page(visit.request, visit.path, too_late="1")
    was_known = action == "received" and visit.view.state is ContactState.Confirmed
    response = see_page(visit.request, visit.path, **({"saved": "1"} if was_known else {}))
    if action == "accept" and visit.view.state is ContactState.Invited:
        contact_id = visit.view.contact_id
        remember_reveal(response, path=visit.path, responder_id=contact_id, now=visit.now)
    return response


def _invitation_page(visit: Visit) -> HttpResponse:
    if visit.view.state is ContactState.Invited:
        calls = is_channel_available(Channel.Voice)
        return _render(visit, "invitation", role="role_calls" if calls else "role_texts")
    if visit.just_accepted:
        form = PreferencesForm(None, visit.view, visit.language)
        form.initial["language"] = visit.language.value
        return _render(visit, "accepted", form=form)
    return _render(visit, "answered")


def _holder_page(visit: Visit) -> HttpResponse:
    if visit.view.contact is None:
        return _render(visit, "erased")
    return _render(visit, "contact", numbers=service_numbers())


def _render(
    visit: Visit,
    page: str,
    *,
    status: int = 200,
    **more: Any,  # noqa: ANN401 - whatever a template takes
) -> HttpResponse:
    view = visit.view
    context = {
        "view": view,
        "alias": view.profile.owner_alias if view.profile else "",
        "state": view.state.name if view.state else "",
        "token": visit.token,
        "path": visit.path,
        "is_saved": "saved" in visit.request.GET,
        "is_for_later": "later" in visit.request.GET,
        "is_too_late": "too_late" in visit.request.GET,
        **more,
    }
    template = f"consent/{page}.html"
    return render_page(
        visit.request, template, language=visit.language, context=context, status=status
    )
