"""The alphabet of text messages (GSM 03.38): what a text costs, and user text put into it."""
# ruff: noqa: RUF001 -- characters that look alike are the subject here

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

BASIC_CHARACTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION_CHARACTERS = frozenset("\f^{}\\[~]|€")  # sent as an escape and a letter: two units

NAME_UNITS = 12

_LAST_OF_BASIC_PLANE = 0xFFFF  # beyond it, UCS-2 needs two units

_GREEK_CAPITALS = frozenset("ΔΦΓΛΩΠΨΣΘΞ")  # in the alphabet, but no Latin form of a Greek name
_KEPT = (BASIC_CHARACTERS | EXTENSION_CHARACTERS) - _GREEK_CAPITALS - frozenset("\n\r\f")

# What neither the alphabet nor Unicode's own decompositions give.
_REPLACEMENTS = {
    **dict.fromkeys("‘’‚‛′‵ʼʻʹ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−⁃•·", "-"),
    **dict.fromkeys("‹", "<"),
    **dict.fromkeys("›", ">"),
    "⁄": "/",
    "°": "o",
    "×": "x",
    "œ": "oe",
    "Œ": "OE",
    "ẞ": "SS",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ŋ": "ng",
    "Ŋ": "Ng",
    "ı": "i",
    "ȷ": "j",
    "ə": "e",
    "Ə": "E",
    "ĸ": "k",
}
_LETTER_WITH_MARK = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH .+")
_SPACES = re.compile(r"\s+")
# Only what names are made of: no brackets (the trust word's), no slash or colon (a link's).
_NOT_OF_A_NAME = re.compile(r"[^\w '.,&+-]|_")
_DOT_OF_A_DOMAIN = re.compile(r"(?<=\w)\.(?=\w\w)")
_SHORTEST_CUT = 3  # "Léa M." may become "Léa"; "Mo Abdelrahman" does not become "Mo"


class Encoding(StrEnum):
    """How a text travels: 7 bits a unit, or 16 as soon as one character needs it."""

    Gsm7 = "gsm7"
    Ucs2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs: its encoding, its length in that encoding's units, its segments."""

    encoding: Encoding
    units: int
    segments: int


def measure(text: str) -> Measure:
    """Return the encoding, units and segments with which a network carries the text."""
    if all(
        character in BASIC_CHARACTERS or character in EXTENSION_CHARACTERS for character in text
    ):
        costs = [_gsm7_units(character) for character in text]
        return Measure(Encoding.Gsm7, sum(costs), _segments(costs, alone=160, joined=153))
    costs = [2 if ord(character) > _LAST_OF_BASIC_PLANE else 1 for character in text]
    return Measure(Encoding.Ucs2, sum(costs), _segments(costs, alone=70, joined=67))


def transliterate(text: str) -> str:
    """Return the text in one line of GSM-7: marks dropped, signs made plain, the rest left out."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(map(_plain_form, composed))


def latin_form(name: str) -> str | None:
    """Return the name as texts will show it, uncut, or None when no letter or digit is left."""
    plain = _NOT_OF_A_NAME.sub(" ", transliterate(name))
    plain = _DOT_OF_A_DOMAIN.sub(". ", plain)  # phones make a link of "two.words"
    squeezed = _SPACES.sub(" ", plain).strip(" ',&+-")
    return squeezed if any(character.isalnum() for character in squeezed) else None


def sms_name(name: str, limit: int = NAME_UNITS) -> str:
    """Return the name's SMS form, cut at a word's end where that leaves enough; "" if none."""
    plain = latin_form(name) or ""
    if len(plain) <= limit:
        return plain
    cut = max(plain.rfind(" ", 0, limit + 1), plain.rfind("-", 0, limit + 1))
    return plain[: cut if cut >= _SHORTEST_CUT else limit].rstrip(" '.,&+-")


def single_line(text: str) -> str:
    """Return the text in its own script on one line, without control or direction marks."""
    visible = "".join(
        " " if _breaks_a_line(character) else character
        for character in text
        if _breaks_a_line(character) or unicodedata.category(character)[0] != "C"
    )
    return _SPACES.sub(" ", visible).strip()


def _gsm7_units(character: str) -> int:
    return 2 if character in EXTENSION_CHARACTERS else 1


def _segments(costs: list[int], *, alone: int, joined: int) -> int:
    """Return how many segments are needed; a character of two units is never split."""
    if sum(costs) <= alone:
        return 1
    segments, filled = 1, 0
    for cost in costs:
        if filled + cost > joined:
            segments, filled = segments + 1, 0
        filled += cost
    return segments


def _breaks_a_line(character: str) -> bool:
    return character in "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"


@lru_cache(maxsize=4096)
def _plain_form(character: str) -> str:
    """Return the GSM-7 form of one character, "" when it has none in Latin letters."""
    if character in _KEPT:
        return character
    if character in _REPLACEMENTS:
        return _REPLACEMENTS[character]
    if character.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", character)
    if decomposed != character:
        return "".join(map(_plain_form, decomposed))
    return _letter_without_mark(character)


def _letter_without_mark(character: str) -> str:
    """Return the base of a letter whose mark Unicode does not take apart, such as ł or đ."""
    found = _LETTER_WITH_MARK.fullmatch(unicodedata.name(character, ""))
    if not found:
        return ""
    return found[2] if found[1] == "CAPITAL" else found[2].lower()
