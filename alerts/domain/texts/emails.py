"""E-mails: as discreet as the text messages, in the person's own script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypedDict

from alerts.domain.gsm7 import single_line
from alerts.domain.languages import language_of
from alerts.domain.texts.packaged import fields_of, load_packaged
from alerts.domain.texts.values import MissingTextValue, TextValues

_LONGEST_NAME = 40


class EmailId(StrEnum):
    """What an e-mail says."""

    Alert = "alert"
    AlertSos = "alert_sos"
    Closed = "closed"
    ClosedUnconfirmed = "closed_unconfirmed"
    Operator = "operator"


@dataclass(frozen=True, slots=True, repr=False)
class EmailText:
    """A subject of one line, and a plain-text body of short paragraphs."""

    subject: str
    body: str


class _Template(TypedDict):
    subject: str
    body: Sequence[str]


_TEMPLATES: Mapping[str, Mapping[str, _Template]] = load_packaged("emails.json")


def render_email(email_id: EmailId, language: str, values: TextValues) -> EmailText:
    """Return the e-mail, or raise MissingTextValue; no value can start a line of its own."""
    template = _TEMPLATES[email_id][language_of(language)]
    fitted = _fit(values)
    for name in sorted(_fields_of(template) - {"trust_word"}):
        if not fitted[name]:
            raise MissingTextValue(name)
    paragraphs = (paragraph.format_map(fitted).lstrip() for paragraph in template["body"])
    return EmailText(template["subject"].format_map(fitted), "\n\n".join(paragraphs) + "\n")


def _fit(values: TextValues) -> dict[str, str]:
    fitted = {field.name: single_line(getattr(values, field.name)) for field in fields(values)}
    fitted["trust_word"] = f"({fitted['trust_word']})" if fitted["trust_word"] else ""
    fitted["owner"] = fitted["owner"][:_LONGEST_NAME]
    return fitted


def _fields_of(template: _Template) -> frozenset[str]:
    return frozenset().union(*map(fields_of, (template["subject"], *template["body"])))
