"""Addresses of the pages."""

from django.urls import URLPattern, URLResolver, path

from alerts.pages.consent import (
    consent_act,
    consent_card,
    consent_data,
    consent_page,
    consent_preferences,
)
from alerts.pages.home import home
from alerts.pages.responder import act, alert_page, alert_state, leave, reveal, safe
from alerts.pages.timer import timer_check_in, timer_extend, timer_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("a/<str:token>", alert_page, name="alert"),
    path("a/<str:token>/state", alert_state, name="alert-state"),
    path("a/<str:token>/reveal", reveal, name="alert-reveal"),
    path("a/<str:token>/safe", safe, name="alert-safe"),
    path("a/<str:token>/leave", leave, name="alert-leave"),
    path("a/<str:token>/<slug:action>", act, name="alert-act"),
    path("c/<str:token>", consent_page, name="consent"),
    path("c/<str:token>/preferences", consent_preferences, name="consent-preferences"),
    path("c/<str:token>/data", consent_data, name="consent-data"),
    path("c/<str:token>/card", consent_card, name="consent-card"),
    path("c/<str:token>/<slug:action>", consent_act, name="consent-act"),
    path("t/<str:token>", timer_page, name="timer"),
    path("t/<str:token>/check-in", timer_check_in, name="timer-check-in"),
    path("t/<str:token>/extend", timer_extend, name="timer-extend"),
]
