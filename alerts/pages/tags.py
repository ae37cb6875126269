"""Template tags of the pages: sentences in the page's language."""

from typing import Any

from django import template
from django.template import Context

from alerts.domain.emergency import EmergencyNumber

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
