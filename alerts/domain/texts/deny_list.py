"""Words that our own wording never says to a contact or the public: they could out someone."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from alerts.domain.texts.packaged import load_packaged

_WORD = re.compile(r"\w+")


def forbidden_words(text: str) -> list[str]:
    """Return the entries of the deny-list found in the text as whole words, whatever their case."""
    haystack = _words_of(text)
    return [entry for entry, needle in _NEEDLES.items() if needle in haystack]


def _words_of(text: str) -> str:
    """Return the text's words without accents, each between single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    without_marks = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return f" {' '.join(_WORD.findall(without_marks))} "


def _load_needles() -> Mapping[str, str]:
    groups: Mapping[str, Iterable[str]] = load_packaged("deny_list.json")
    return {entry: _words_of(entry) for entries in groups.values() for entry in entries}


_NEEDLES = _load_needles()
