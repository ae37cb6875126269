"""SMS texts from their templates; names are made to fit, links never cut."""

from collections.abc import Mapping
from dataclasses import fields, replace

from alerts.domain.gsm7 import measure, sms_name, transliterate
from alerts.domain.languages import Language, language_of
from alerts.domain.texts.catalogue import TextId, sms_text
from alerts.domain.texts.values import (
    PLACE_UNITS,
    TRUST_WORD_LETTERS,
    MissingTextValue,
    TextValues,
)

_VALUE_NAMES = tuple(field.name for field in fields(TextValues))
_OPTIONAL = frozenset({"trust_word"})
_SOMEBODY: Mapping[Language, str] = {Language.French: "Un contact", Language.English: "A contact"}
_UNNAMED_OWNER: Mapping[Language, str] = {
    Language.French: "votre proche",
    Language.English: "your friend",
}
_DEGRADED_FORMS: Mapping[TextId, TextId] = {
    TextId.AlertFirst: TextId.Degraded,
    TextId.AlertInvited: TextId.Degraded,
    TextId.Repeat: TextId.Degraded,
    TextId.AcknowledgementEnded: TextId.Degraded,
    TextId.Doubt: TextId.Degraded,
    TextId.Late: TextId.Degraded,
    TextId.AlertSos: TextId.DegradedSos,
    TextId.SosRepeat: TextId.DegradedSos,
}


def render_sms(text_id: TextId, language: str, values: TextValues) -> str:
    """Return the text in GSM-7, or raise MissingTextValue; a text without trust word has none."""
    spoken = language_of(language)
    text = sms_text(text_id)
    fitted = _fit(values, spoken)
    for name in sorted(text.fields - _OPTIONAL):
        if not fitted[name]:
            raise MissingTextValue(name)
    return text.templates[spoken].format_map(fitted).lstrip(" ")


def render_degraded_sms(text_id: TextId, language: str, values: TextValues) -> str:
    """Return what is still said when the owner's alias cannot be read.

    Alerts and repeats turn into the neutral "someone who relies on you"; other texts keep
    their wording with a stand-in for the name. Raises MissingTextValue for any other value.
    """
    if text_id in _DEGRADED_FORMS:
        return render_sms(_DEGRADED_FORMS[text_id], language, values)
    stand_in = _UNNAMED_OWNER[language_of(language)]
    text = render_sms(text_id, language, replace(values, owner=stand_in))
    before, found, after = text.partition(stand_in)
    starts_sentence = not before or before.endswith(") ")
    return before + found.capitalize() + after if found and starts_sentence else text


def _fit(values: TextValues, language: Language) -> dict[str, str]:
    """Return the values as they stand in the text: transliterated, cut, bracketed."""
    fitted = {name: getattr(values, name) for name in _VALUE_NAMES}
    trust_word = sms_name(values.trust_word, TRUST_WORD_LETTERS)
    fitted["trust_word"] = f"({trust_word})" if trust_word else ""
    fitted["contact"] = sms_name(values.contact)
    fitted["owner"] = sms_name(values.owner)
    fitted["acting_contact"] = sms_name(values.acting_contact) or _SOMEBODY[language]
    fitted["place"] = _cut(" ".join(transliterate(values.place).split()), PLACE_UNITS)
    return fitted


def _cut(text: str, limit: int) -> str:
    """Return the start of the text that costs at most `limit` units."""
    while measure(text).units > limit:
        text = text[:-1]
    return text.rstrip()
