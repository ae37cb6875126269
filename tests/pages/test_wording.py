"""The sentences of the pages: complete, alike in both languages, discreet, short."""

import re
from importlib import resources
from string import Formatter

import pytest

from alerts.domain.languages import Language
from alerts.domain.texts import forbidden_words
from alerts.pages.wording import load_entries, wording

FILES = sorted(
    file.name.removesuffix(".json")
    for file in resources.files("alerts.pages").joinpath("texts").iterdir()
)
SENTENCES = [
    (file, key, by_language) for file in FILES for key, by_language in load_entries(file).items()
]
LONGEST_SENTENCE = 15  # words


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(("file", "key", "by_language"), SENTENCES)
def test_a_sentence_exists_in_every_language_with_the_same_values(
    file: str, key: str, by_language: dict[str, str]
) -> None:
    assert set(by_language) == set(Language), (file, key)
    assert fields_of(by_language["fr"]) == fields_of(by_language["en"])


@pytest.mark.parametrize(("file", "key", "by_language"), SENTENCES)
def test_a_sentence_is_short_and_outs_nobody(
    file: str, key: str, by_language: dict[str, str]
) -> None:
    for text in by_language.values():
        assert forbidden_words(text) == [], (file, key)
        for sentence in re.split(r"[.?!:;]\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, (file, key, sentence)


def test_values_are_escaped_and_markup_is_kept_only_where_it_is_ours() -> None:
    words = wording(Language.French, "responder")

    assert words.say("call_owner", alias="<b>") == "Appeler &lt;b&gt;"
    assert words.plain("call_owner", alias="{alias}") == "Appeler {alias}"


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording(Language.English).say("no_such_sentence")


def test_french_marks_stay_with_their_word() -> None:
    assert wording(Language.French, "responder").plain("safe_how").endswith("\N{NO-BREAK SPACE}?")
