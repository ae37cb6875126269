"""Template tags of the pages: sentences and instants in the page's language."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from alerts.domain.emergency import EmergencyNumber, HelpLine
from alerts.pages.moments import Moments
from alerts.pages.responder_words import ResponderWords, coordinates_text
from alerts.selectors.contact_details import PlaceShown, PositionShown
from alerts.selectors.contact_view import Moment, Somebody

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: Any) -> str:  # noqa: ANN401 - whatever a sentence holds
    """Return the sentence `key` of the page's words with its values filled in."""
    sentence: str = context["words"].say(key, **values)
    return sentence


@register.simple_tag(takes_context=True)
def call_name(context: Context, number: EmergencyNumber) -> str:
    """Return who answers an emergency number, in the page's language."""
    return number.name(context["language"])


@register.simple_tag(takes_context=True)
def line_name(context: Context, line: HelpLine) -> str:
    """Return a help line's name that tells nothing of the owner."""
    return line.neutral_name(context["language"])


@register.simple_tag(takes_context=True)
def line_hours(context: Context, line: HelpLine) -> str:
    """Return when a help line answers."""
    return line.hours(context["language"])


@register.simple_tag(takes_context=True)
def moment(context: Context, instant: datetime) -> SafeString:
    """Return an instant in the page's zone, and the reader's where clocks differ."""
    return _moments(context).html(instant)


@register.simple_tag(takes_context=True)
def ago(context: Context, instant: datetime) -> SafeString:
    """Return how long ago an instant was."""
    return _moments(context).ago(instant)


@register.simple_tag(takes_context=True)
def time_left(context: Context, instant: datetime) -> str:
    """Return how long it is until an instant."""
    return _moments(context).left(instant)


@register.simple_tag(takes_context=True)
def who(context: Context, somebody: Somebody) -> str:
    """Return how somebody is named to the reader of an alert page."""
    written: ResponderWords = context["written"]
    return written.who(somebody)


@register.simple_tag(takes_context=True)
def happening(context: Context, line: Moment) -> SafeString:
    """Return what a line of the timeline says."""
    written: ResponderWords = context["written"]
    return written.moment(line)


@register.simple_tag
def coordinates(spot: PlaceShown | PositionShown) -> str:
    """Return latitude and longitude as text."""
    return coordinates_text(spot)


def _moments(context: Context) -> Moments:
    moments: Moments = context["moments"]
    return moments
