"""The languages Vigie writes in."""

from enum import StrEnum


class Language(StrEnum):
    """A language every text exists in."""

    French = "fr"
    English = "en"


def language_of(code: str) -> Language:
    """Return the language of a code such as `fr` or `en-GB`; French for any other."""
    primary = code.partition("-")[0].lower()
    return Language(primary) if primary in set(Language) else Language.French
