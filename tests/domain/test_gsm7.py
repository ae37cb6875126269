"""What a text costs, and what becomes of names on their way into one."""
# ruff: noqa: RUF001 -- characters that look alike are the subject here

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.gsm7 import (
    BASIC_CHARACTERS,
    NAME_UNITS,
    Encoding,
    Measure,
    latin_form,
    measure,
    single_line,
    sms_name,
    transliterate,
)

ANY_TEXT = st.text(st.characters(), max_size=60)  # lone surrogates and NUL included
LATIN_LETTERS = [*map(chr, range(0xC0, 0x180)), *map(chr, range(0x1E00, 0x1E9C))]
VIETNAMESE_LETTERS = list(map(chr, range(0x1EA0, 0x1EFA)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure(Encoding.Gsm7, 0, 1)),
        ("é" * 160, Measure(Encoding.Gsm7, 160, 1)),
        ("a" * 161, Measure(Encoding.Gsm7, 161, 2)),
        ("a" * 307, Measure(Encoding.Gsm7, 307, 3)),
        ("€" * 80, Measure(Encoding.Gsm7, 160, 1)),
        ("a" * 152 + "€" + "a" * 152, Measure(Encoding.Gsm7, 306, 3)),  # never split in two
        ("ê" * 70, Measure(Encoding.Ucs2, 70, 1)),
        ("ê" * 71, Measure(Encoding.Ucs2, 71, 2)),
        ("🦊" * 35, Measure(Encoding.Ucs2, 70, 1)),
        ("🦊" * 67, Measure(Encoding.Ucs2, 134, 3)),  # 33 of them in each joined segment
    ],
)
def test_a_text_is_measured_as_networks_carry_it(text: str, expected: Measure) -> None:
    assert measure(text) == expected


def test_the_alphabet_has_its_127_characters_and_no_french_circumflex() -> None:
    assert len(BASIC_CHARACTERS) == 127  # 128 places, one of them the escape
    assert BASIC_CHARACTERS.isdisjoint("êâîôûëïçœÀÈ«»’…–—\u00a0")
    assert BASIC_CHARACTERS.issuperset("éèàùòìÉÇäöüñ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gaêtan François", "Gaetan Francois"),
        ("e\u0302te\u0301", "eté"),
        ("l’œuvre – « oui » … fin", 'l\'oeuvre - " oui " ... fin'),
        ("12\u00a0rue\u202fde l‑Hôpital", "12 rue de l-Hopital"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Đặng Ħal İz ı", "Dang Hal Iz i"),
        ("Ærø Þór ßẞ ǅ", "Ærø Thor ßSS Dz"),
        ("ﬁn Ｓａｍ ½", "fin Sam 1/2"),
        ("[café] 5€", "[café] 5€"),
        ("Δelta", "elta"),
    ],
)
def test_user_text_is_written_in_the_alphabet(text: str, expected: str) -> None:
    assert transliterate(text) == expected


@given(ANY_TEXT)
def test_any_text_becomes_gsm7_on_one_line(text: str) -> None:
    plain = transliterate(text)
    assert measure(plain).encoding is Encoding.Gsm7
    assert plain.count("?") == unicodedata.normalize("NFKD", text).count("?")
    assert len(plain.splitlines()) <= 1
    assert transliterate(plain) == plain


def test_no_latin_letter_is_lost_with_its_mark() -> None:
    lost = [letter for letter in LATIN_LETTERS + VIETNAMESE_LETTERS if not transliterate(letter)]
    assert lost == ["÷"]


@pytest.mark.parametrize("name", ["Саша", "美咲", "🦊🦊", "", "   ", "-.,", "\x00\ud800", "Δ"])
def test_a_name_without_latin_form_has_none(name: str) -> None:
    assert latin_form(name) is None
    assert sms_name(name) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Léa", "Léa"),
        ("  Jean \t Luc ", "Jean Luc"),
        ("Саша Sam", "Sam"),
        ("Jean-Baptiste", "Jean"),
        ("Alexandre Dupont", "Alexandre"),
        ("Le Grand Meaulnes", "Le Grand"),
        ("Mo Abdelrahman", "Mo Abdelrahm"),
        ("Maximiliana O", "Maximiliana"),
        ("Wolfeschlegelstein", "Wolfeschlege"),
        ("D’Artagnan", "D'Artagnan"),
        ("J.P.", "J.P."),
    ],
)
def test_a_name_is_squeezed_and_cut_at_a_sensible_place(name: str, expected: str) -> None:
    assert sms_name(name) == expected


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\u2028", "\u0085", "\v", "\x1b", "\u202e"])
def test_a_name_cannot_forge_a_second_line(separator: str) -> None:
    forged = f"Sam{separator}OK"
    assert sms_name(forged).replace(" ", "") == "SamOK"
    assert single_line(forged).replace(" ", "") == "SamOK"


@pytest.mark.parametrize("name", ["bit.ly/abc", "t.co/x", "http://a.io", "a.io"])
def test_a_name_cannot_be_a_link(name: str) -> None:
    shown = sms_name(name)
    assert "/" not in shown
    assert ":" not in shown
    assert ". " in shown


def test_a_name_cannot_wear_the_brackets_of_a_trust_word() -> None:
    assert sms_name("(figue) Sam") == "figue Sam"


@given(ANY_TEXT)
def test_a_name_fits_its_place_and_keeps_its_form(name: str) -> None:
    shown = sms_name(name)
    assert measure(shown).units == len(shown) <= NAME_UNITS
    assert "?" not in shown
    assert shown == shown.strip()
    assert bool(shown) == (latin_form(name) is not None)


@given(ANY_TEXT)
def test_a_line_stays_one_line_in_any_script(text: str) -> None:
    line = single_line(text)
    assert len(line.splitlines()) <= 1
    assert line.isprintable() or line == ""


def test_a_line_keeps_its_script() -> None:
    assert single_line("  Саша\n 美咲\u200b ") == "Саша 美咲"
