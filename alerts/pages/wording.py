"""The words of the pages: packaged JSON in every language, looked up strictly, filled in safely."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from alerts.domain.languages import Language

COMMON = "common"  # what every page says; each page adds a file of its own
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_SPACE_BEFORE_MARK = re.compile(r" (?=[?!:;»])|(?<=«) ")

Entries = Mapping[str, Mapping[str, str]]


class Wording:
    """The sentences of one page in one language; an unknown key is a KeyError, never a blank."""

    def __init__(self, sentences: Mapping[str, str], language: Language) -> None:
        self.language = language
        self._sentences = sentences

    def has(self, key: str) -> bool:
        """Return whether there is such a sentence."""
        return key in self._sentences

    def plain(self, key: str, **values: object) -> str:
        """Return a sentence as plain text, for what is copied or announced."""
        return self._sentences[key].format_map(values)

    def say(self, key: str, **values: object) -> SafeString:
        """Return a sentence as HTML: it and its values are escaped, markup in values is kept."""
        sentence = conditional_escape(self._sentences[key])
        # str() returns a SafeString as it is
        escaped = {name: conditional_escape(str(value)) for name, value in values.items()}
        return mark_safe(sentence.format_map(escaped))  # noqa: S308  # nosec B308 B703 - escaped above


@lru_cache
def wording(language: Language, *names: str) -> Wording:
    """Return the words common to all pages and those of the named files."""
    sentences: dict[str, str] = {}
    for name in (COMMON, *names):
        for key, by_language in load_entries(name).items():
            sentences[key] = _tidy(by_language[language], language)
    return Wording(sentences, language)


@lru_cache
def load_entries(name: str) -> Entries:
    """Return one file of sentences: key, language, sentence."""
    packaged = resources.files("alerts.pages").joinpath("texts", f"{name}.json")
    entries: Entries = json.loads(packaged.read_text("utf-8"))
    return entries


def _tidy(sentence: str, language: Language) -> str:
    """Keep French punctuation on the line of its word."""
    if language is Language.French:
        return _SPACE_BEFORE_MARK.sub(_NO_BREAK_SPACE, sentence)
    return sentence
