"""The wording of Vigie: text messages, e-mails, trust words, and what may never be said."""

from alerts.domain.texts.catalogue import SmsText, TextId, sms_text
from alerts.domain.texts.deny_list import forbidden_words
from alerts.domain.texts.emails import EmailId, EmailText, render_email
from alerts.domain.texts.rendering import render_degraded_sms, render_sms
from alerts.domain.texts.trust_words import pick_trust_word, trust_words
from alerts.domain.texts.values import MissingTextValue, TextValues

__all__ = [
    "EmailId",
    "EmailText",
    "MissingTextValue",
    "SmsText",
    "TextId",
    "TextValues",
    "forbidden_words",
    "pick_trust_word",
    "render_degraded_sms",
    "render_email",
    "render_sms",
    "sms_text",
    "trust_words",
]
