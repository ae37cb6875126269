"""Trust words, forbidden words, and the languages of both."""

from collections.abc import Sequence

import pytest

from alerts.domain.languages import Language, language_of
from alerts.domain.texts import forbidden_words, pick_trust_word, trust_words


@pytest.mark.parametrize("language", list(Language))
def test_trust_words_are_many_plain_and_short(language: Language) -> None:
    words = trust_words(language)
    assert len(set(words)) == len(words) >= 60
    assert all(4 <= len(word) <= 6 for word in words)
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert [word for word in words if forbidden_words(word)] == []


def test_a_trust_word_is_chosen_by_the_caller_among_those_of_the_language() -> None:
    def choose_last(words: Sequence[str]) -> str:
        return words[-1]

    assert pick_trust_word("en", choose_last) == trust_words("en")[-1]
    assert pick_trust_word("fr", choose_last) == trust_words("fr")[-1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Une RENCONTRE avec la victime", ["rencontre", "victime"]),
        ("an app for dating", ["dating"]),
        ("It was their first date.", ["first date"]),
        ("la communauté", ["communauté"]),
        ("LA COMMUNAUTE", ["communauté"]),
        ("LGBT+", ["lgbt"]),
        ("un guet-apens", ["guet apens"]),
        ("sur cette plate-forme", ["plate forme"]),
        ("rencontrer, datation, mise à jour, date prévue, up to date, Coconut", []),
        ("", []),
    ],
)
def test_forbidden_words_are_found_whole_whatever_their_case(text: str, found: list[str]) -> None:
    assert forbidden_words(text) == found


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fr", Language.French),
        ("en", Language.English),
        ("en-GB", Language.English),
        ("EN", Language.English),
        ("de", Language.French),
        ("", Language.French),
    ],
)
def test_an_unknown_language_is_answered_in_french(code: str, language: Language) -> None:
    assert language_of(code) is language
