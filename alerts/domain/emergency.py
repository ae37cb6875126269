"""Whom to call: emergency numbers seen from where the contact is, and help lines by country."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from alerts.domain.languages import Language, language_of

EUROPEAN_NUMBER = "112"  # a GSM phone puts it through to whatever answers where it is


class HelpPurpose(StrEnum):
    """What a line is for."""

    DangerNow = "danger_now"
    Afterwards = "afterwards"
    Minors = "minors"
    Lgbt = "lgbt"
    LgbtYouth = "lgbt_youth"
    Report = "report"
    Complaint = "complaint"


class EmergencyKind(StrEnum):
    """Who answers an emergency number; `written` is reached by text message."""

    Police = "police"
    General = "general"
    Written = "written"
    Medical = "medical"
    Fire = "fire"


_SHOWN_KINDS = (EmergencyKind.Police, EmergencyKind.General, EmergencyKind.Written)
_CONTACT_PAGE_PURPOSES = frozenset({HelpPurpose.DangerNow, HelpPurpose.Afterwards})
_OR: Mapping[Language, str] = {Language.French: " ou ", Language.English: " or "}
_SEE_LINK: Mapping[Language, str] = {
    Language.French: "voir le lien",
    Language.English: "see the link",
}


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line of help: its names and remarks by language, how to reach it, how sure we are."""

    country: str
    code: str
    purpose: HelpPurpose
    names: Mapping[str, str]
    neutral_names: Mapping[str, str]
    channels: Mapping[str, str]  # tel, sms, url, email
    confidence: str
    source: str
    kind: EmergencyKind | None = None
    is_for_contacts: bool = False
    hours_by_language: Mapping[str, str] = field(default_factory=dict)
    notes_by_language: Mapping[str, str] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Return the line's own name, for the signed-in owner."""
        return self.names[language_of(language)]

    def neutral_name(self, language: str) -> str:
        """Return a name that a contact may read without learning anything of the owner."""
        return self.neutral_names.get(language_of(language)) or self.name(language)

    def hours(self, language: str) -> str:
        """Return when somebody answers, "" when that is not confirmed."""
        return self.hours_by_language.get(language_of(language), "")

    def note(self, language: str) -> str:
        """Return a remark for the person who chooses a line, often ""."""
        return self.notes_by_language.get(language_of(language), "")


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """One number to call or write to, and whether it reaches the police of the incident."""

    number: str
    kind: EmergencyKind
    country: str  # where it must be dialled; "" where a phone finds the nearest by itself
    reaches_incident_police: bool  # when the contact dials it from their usual country
    names: Mapping[str, str]

    @property
    def is_written(self) -> bool:
        """Whether it takes text messages instead of calls."""
        return self.kind is EmergencyKind.Written

    def name(self, language: str) -> str:
        """Return who answers, in the reader's language."""
        return self.names[language_of(language)]


_NEAREST = EmergencyNumber(
    EUROPEAN_NUMBER,
    EmergencyKind.General,
    "",
    reaches_incident_police=False,
    names={
        Language.French: "Numéro d'urgence là où vous êtes",
        Language.English: "Emergency number where you are",
    },
)


@lru_cache(maxsize=4096)
def emergency_text(
    incident_country: str, contact_country: str, language: str, *, has_link: bool = True
) -> str:
    """Return what an SMS says to call, in at most 12 units: "17 ou 112", or "see the link".

    The numbers are those of the incident's country as long as the contact can dial them. A text
    without a link (`sms_text(text_id).has_link`) names what the contact can dial where they are.
    """
    spoken = language_of(language)
    at_home = _region(incident_country) == _region(contact_country)
    if has_link and not at_home:
        return _SEE_LINK[spoken]
    numbers = _OR[spoken].join(_numbers_to_dial(contact_country))
    if numbers:
        return numbers
    return _SEE_LINK[spoken] if has_link else EUROPEAN_NUMBER


def emergency_numbers(incident_country: str, contact_country: str) -> list[EmergencyNumber]:
    """Return what a page shows, in the order to try: police, general, in writing.

    For a contact abroad the numbers of their own country come first, then those that work only
    where the incident is; none of them reaches its police from abroad.
    """
    at_home = _region(incident_country) == _region(contact_country)
    own = _shown_numbers(contact_country, reaches_incident_police=at_home) or [_NEAREST]
    if at_home:
        return own
    dialled = {number.number for number in own}
    abroad = _shown_numbers(incident_country, reaches_incident_police=False)
    return own + [number for number in abroad if number.number not in dialled]


def help_lines(country: str, purposes: Collection[HelpPurpose]) -> list[HelpLine]:
    """Return the country's lines for these purposes, in the order they should be read."""
    return [line for line in all_resources(country) if line.purpose in purposes]


def contact_page_lines(country: str) -> list[HelpLine]:
    """Return the lines that a contact may see: they name no community. Show `neutral_name`."""
    return [line for line in help_lines(country, _CONTACT_PAGE_PURPOSES) if line.is_for_contacts]


def all_resources(country: str) -> list[HelpLine]:
    """Return every line of the country, for the signed-in owner only."""
    return [line for line in _LINES if _region(line.country) == _region(country)]


def _region(country: str) -> str:
    """Return the country without its province: Quebec's lines stand for Canada."""
    return country.upper().partition("-")[0]


def _numbers_to_dial(country: str) -> list[str]:
    shown = _shown_numbers(country, reaches_incident_police=True)
    return [number.number for number in shown if not number.is_written]


def _shown_numbers(country: str, *, reaches_incident_police: bool) -> list[EmergencyNumber]:
    lines = [line for line in all_resources(country) if line.kind in _SHOWN_KINDS]
    return [
        EmergencyNumber(line.code, line.kind, _region(country), reaches_incident_police, line.names)
        for line in lines
        if line.kind is not None
    ]


def _load_lines() -> tuple[HelpLine, ...]:
    packaged = resources.files("alerts.domain").joinpath("data", "help_lines.json")
    return tuple(_line(row) for row in json.loads(packaged.read_text("utf-8"))["lines"])


def _line(row: Mapping[str, Any]) -> HelpLine:
    return HelpLine(
        country=row["country"],
        code=row["code"],
        purpose=HelpPurpose(row["purpose"]),
        names=row["name"],
        neutral_names=row.get("neutral_name", {}),
        channels=row["channels"],
        confidence=row["confidence"],
        source=row["source"],
        kind=EmergencyKind(row["kind"]) if "kind" in row else None,
        is_for_contacts=row.get("contact_page", False),
        hours_by_language=row.get("hours", {}),
        notes_by_language=row.get("note", {}),
    )


_LINES = _load_lines()
