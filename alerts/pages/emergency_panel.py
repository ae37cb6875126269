"""The numbers to call, as seen from where the contact is."""

from dataclasses import dataclass

from alerts.domain.emergency import EmergencyNumber, emergency_numbers
from alerts.pages.responder_words import ResponderWords
from alerts.pages.wording import Wording
from alerts.selectors.contact_view import ContactView


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One number to press, and who answers."""

    number: str
    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyPanel:
    """Numbers that work where the contact is, those that work only there, and warnings."""

    calls: tuple[Call, ...]
    numbers_there: tuple[str, ...] = ()
    country_there: str = ""
    warnings: tuple[str, ...] = ()


def emergency_panel(view: ContactView, written: ResponderWords) -> EmergencyPanel:
    """Return the numbers in the order to try; abroad, what reaches whom is said."""
    numbers = emergency_numbers(view.incident_country, view.country)
    home, there = _region(view.country), _region(view.incident_country)
    calls = tuple(_call(number, written) for number in numbers if number.country in {"", home})
    if home == there:
        return EmergencyPanel(calls=calls)
    return EmergencyPanel(
        calls=calls,
        numbers_there=tuple(n.number for n in numbers if n.country not in {"", home}),
        country_there=_country_name(there, written.words),
        warnings=_warnings(there, written.words),
    )


def _call(number: EmergencyNumber, written: ResponderWords) -> Call:
    if number.is_written:
        name = written.words.plain("written_note")
        return Call(number=number.number, name=name, href=written.written_call(number.number))
    name = number.name(written.words.language)
    return Call(number=number.number, name=name, href=f"tel:{number.number}")


def _warnings(there: str, words: Wording) -> tuple[str, ...]:
    if there == "FR":
        return words.plain("abroad_17"), words.plain("abroad_ask")
    return words.plain("abroad", country=_country_name(there, words)), words.plain("abroad_ask")


def _country_name(country: str, words: Wording) -> str:
    """Return a country's name where the page knows it, else its code."""
    key = f"country_{country}"
    return words.plain(key) if words.has(key) else country


def _region(country: str) -> str:
    return country.upper().partition("-")[0]
