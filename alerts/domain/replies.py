"""The words that mean something in a text sent back to us."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Keyword(StrEnum):
    """What a reply asks for."""

    Acknowledge = "acknowledge"
    Decline = "decline"
    Details = "details"
    Stop = "stop"
    Identity = "identity"


@dataclass(frozen=True, slots=True)
class Reply:
    """A keyword and, after it, the short number of an incident where one was given."""

    keyword: Keyword
    number: int | None = None


# Twilio blocks a number that sends one of these; START, YES and UNSTOP are its own as well.
_STOP_WORDS = frozenset(
    {
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "END",
        "QUIT",
        "CANCEL",
        "REVOKE",
        "OPTOUT",
        "ARRET",
        "ARRETER",
    }
)
_WORDS = {
    "1": Keyword.Acknowledge,
    "OUI": Keyword.Acknowledge,
    "2": Keyword.Decline,
    "NON": Keyword.Decline,
    "NO": Keyword.Decline,
    "3": Keyword.Details,
    **dict.fromkeys(("AIDE", "HELP", "INFO", "CONTACT"), Keyword.Identity),
    **dict.fromkeys(_STOP_WORDS, Keyword.Stop),
}
_SHAPE = re.compile(r"(?P<word>[A-Z]+|[0-9])(?:\s+#?(?P<number>[0-9]{1,9}))?")


def read_reply(body: str) -> Reply | None:
    """Return what a text asks for, None when it is not exactly a keyword and perhaps a number.

    Accents, case and closing punctuation do not matter; a sentence that begins with a keyword is
    not taken for one.
    """
    decomposed = unicodedata.normalize("NFKD", body[:80])
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    found = _SHAPE.fullmatch(plain.strip().rstrip(".!").strip().upper())
    if found is None or found["word"] not in _WORDS:
        return None
    number = found["number"]
    return Reply(_WORDS[found["word"]], int(number) if number else None)
