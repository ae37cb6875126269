"""Phone numbers: what a person typed becomes E.164, or is refused."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from alerts.domain.errors import ImpossiblePhone

_LONGEST_RAW = 40  # 15 digits with generous punctuation
_WRITTEN_FORM = re.compile(r"\+?[0-9 ().\-/]+")
_MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_PERSONAL_TYPES = _MOBILE_TYPES | {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
}
_NON_GEOGRAPHIC = "001"  # the library's region of satellite and universal numbers


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that a person may have: E.164, its country, whether texts may reach it."""

    e164: str
    country: str
    is_mobile_possible: bool


def parse_phone(raw: str, default_country: str | None = None) -> PhoneNumber:
    """Return the number, read as of `default_country` unless international, or ImpossiblePhone."""
    parsed = _parse(raw, default_country)
    country = phonenumbers.region_code_for_number(
        parsed
    ) or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    is_mobile = _is_mobile(parsed)
    if country == _NON_GEOGRAPHIC or not (is_mobile or _is_personal(parsed)):
        raise ImpossiblePhone
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneNumber(e164, country, is_mobile)


def mask(e164: str) -> str:
    """Return the number with all but its country code and last two digits hidden."""
    digits = re.sub(r"\D", "", e164, flags=re.ASCII)
    try:
        code = f"+{phonenumbers.parse(e164).country_code} "
    except phonenumbers.NumberParseException:
        code = ""
    return f"{code}•• •• •• {digits[-2:]}".rstrip()


def _parse(raw: str, default_country: str | None) -> phonenumbers.PhoneNumber:
    written = _written_form(raw) if len(raw) <= _LONGEST_RAW else ""
    if not _WRITTEN_FORM.fullmatch(written):
        raise ImpossiblePhone
    region = default_country.upper() if default_country else None
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        raise ImpossiblePhone from error


def _written_form(raw: str) -> str:
    """Return the number without the direction marks and odd dashes that pasting brings along."""
    characters = unicodedata.normalize("NFKC", raw).strip()
    kinds = ((character, unicodedata.category(character)) for character in characters)
    return "".join("-" if kind == "Pd" else sign for sign, kind in kinds if kind != "Cf")


def _is_mobile(parsed: phonenumbers.PhoneNumber) -> bool:
    kind = phonenumbers.number_type(parsed)
    if kind in _MOBILE_TYPES:
        return True
    return kind == PhoneNumberType.UNKNOWN and _is_like_a_mobile(parsed)


def _is_personal(parsed: phonenumbers.PhoneNumber) -> bool:
    """Whether a person may own it; premium, shared-cost, pager and company numbers are not."""
    return phonenumbers.number_type(parsed) in _PERSONAL_TYPES


def _is_like_a_mobile(parsed: phonenumbers.PhoneNumber) -> bool:
    """Whether an unlisted number has the length and first digit of its country's mobiles.

    Regulators open ranges faster than the library learns of them, and keep some for fiction
    (+33 6 39 98 in France). A typing mistake is caught later, by the text that proves the number.
    """
    if not phonenumbers.is_possible_number_for_type(parsed, PhoneNumberType.MOBILE):
        return False
    national = phonenumbers.national_significant_number(parsed)
    siblings = (int(national[0] + digit * (len(national) - 1)) for digit in "0123456789")
    return any(
        phonenumbers.number_type(phonenumbers.PhoneNumber(parsed.country_code, sibling))
        in _MOBILE_TYPES
        for sibling in siblings
    )
