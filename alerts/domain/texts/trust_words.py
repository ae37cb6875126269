"""Trust words: agreed with a contact, they start every text, so that a forged one is seen."""

from collections.abc import Callable, Mapping, Sequence

from alerts.domain.languages import language_of
from alerts.domain.texts.packaged import load_packaged

_WORDS: Mapping[str, list[str]] = load_packaged("trust_words.json")


def trust_words(language: str) -> tuple[str, ...]:
    """Return the neutral words of a language: everyday things, four to six plain letters."""
    return tuple(_WORDS[language_of(language)])


def pick_trust_word(language: str, choose: Callable[[Sequence[str]], str]) -> str:
    """Return a word of the language; `choose` is `secrets.choice` outside of tests."""
    return choose(trust_words(language))
