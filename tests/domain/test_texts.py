"""Every text message, at its typical and at its longest."""

from dataclasses import fields, replace

import pytest

from alerts.domain.gsm7 import Encoding, measure
from alerts.domain.languages import Language
from alerts.domain.states import Purpose
from alerts.domain.texts import (
    MissingTextValue,
    TextId,
    TextValues,
    forbidden_words,
    render_degraded_sms,
    render_sms,
    sms_text,
)
from tests.domain.text_values import LONGEST, TYPICAL

EVERY_TEXT = [(text_id, language) for text_id in TextId for language in Language]


@pytest.mark.parametrize(("text_id", "language"), EVERY_TEXT)
@pytest.mark.parametrize("values", [TYPICAL, LONGEST], ids=["typical", "longest"])
def test_every_text_is_one_gsm7_segment(
    text_id: TextId, language: Language, values: TextValues
) -> None:
    measured = measure(render_sms(text_id, language, values))
    assert (measured.encoding, measured.segments) == (Encoding.Gsm7, 1)
    assert measured.units <= 160


@pytest.mark.parametrize(("text_id", "language"), EVERY_TEXT)
def test_no_text_says_a_forbidden_word(text_id: TextId, language: Language) -> None:
    assert forbidden_words(render_sms(text_id, language, TYPICAL)) == []
    assert forbidden_words(render_degraded_sms(text_id, language, TYPICAL)) == []


@pytest.mark.parametrize(("text_id", "language"), EVERY_TEXT)
def test_no_text_has_gaps_or_leftover_braces(text_id: TextId, language: Language) -> None:
    without_word = render_sms(text_id, language, replace(TYPICAL, trust_word=""))
    for text in (without_word, render_sms(text_id, language, TYPICAL)):
        assert text == text.strip()
        assert "  " not in text
        assert not set("{}[]") & set(text)


def test_a_trust_word_starts_the_text_in_brackets() -> None:
    assert render_sms(TextId.AllClear, "fr", TYPICAL) == (
        "(figue) Sam va bien et l'a confirmé à 22h30. Plus rien à faire. Merci."
    )


def test_a_text_without_trust_word_starts_with_its_first_word() -> None:
    text = render_sms(TextId.AllClear, "en", replace(TYPICAL, trust_word="", time="22:30"))
    assert text.startswith("Sam is safe and confirmed it at 22:30.")


def test_whoever_acted_without_giving_a_name_is_a_contact() -> None:
    unnamed = replace(TYPICAL, acting_contact="")
    assert "(figue) Un contact s'occupe" in render_sms(TextId.SomebodyActs, "fr", unnamed)
    assert "(figue) A contact is dealing" in render_sms(TextId.SomebodyActs, "en", unnamed)
    foreign = replace(TYPICAL, acting_contact="Саша")
    assert "(figue) Un contact s'occupe" in render_sms(TextId.SomebodyActs, "fr", foreign)


def test_names_are_put_into_the_alphabet_and_never_into_question_marks() -> None:
    text = render_sms(TextId.SomebodyActs, "fr", replace(TYPICAL, owner="Zoë 🦊 Çelik"))
    assert "pour Zoe Çelik." in text
    assert "?" not in text


def test_a_link_is_never_cut() -> None:
    link = "http://127.0.0.1:8000/a/" + "x" * 60
    assert render_sms(TextId.AlertFirst, "fr", replace(TYPICAL, link=link)).endswith(link)


def test_a_value_with_braces_is_only_a_value() -> None:
    assert "{link}" in render_sms(TextId.DetailsWithoutWeb, "fr", replace(TYPICAL, place="{link}"))


@pytest.mark.parametrize("text_id", list(TextId))
def test_a_missing_value_is_named(text_id: TextId) -> None:
    for name in sms_text(text_id).fields - {"trust_word", "acting_contact"}:
        with pytest.raises(MissingTextValue) as missing:
            render_sms(text_id, "fr", replace(TYPICAL, **{name: ""}))
        assert missing.value.field == name


def test_an_alias_without_latin_form_counts_as_missing() -> None:
    with pytest.raises(MissingTextValue, match="owner"):
        render_sms(TextId.AlertFirst, "fr", replace(TYPICAL, owner="Саша"))


@pytest.mark.parametrize(
    ("text_id", "expected"),
    [
        (TextId.AlertFirst, "(figue) Pas de nouvelles d'une personne qui compte sur vous (22h30)."),
        (TextId.Repeat, "(figue) Pas de nouvelles d'une personne qui compte sur vous (22h30)."),
        (TextId.Late, "(figue) Pas de nouvelles d'une personne qui compte sur vous (22h30)."),
        (TextId.AlertSos, "(figue) Une personne qui compte sur vous a besoin d'aide (22h30)."),
        (TextId.SosRepeat, "(figue) Une personne qui compte sur vous a besoin d'aide (22h30)."),
        (TextId.AllClear, "(figue) Votre proche va bien et l'a confirmé à 22h30."),
        (TextId.ClearByContact, "(figue) Nour indique que votre proche est en sécurité (22h30)."),
        (TextId.ClosedUnconfirmed, "(figue) Fin de nos envois pour votre proche, sans"),
    ],
)
def test_without_the_alias_the_text_is_neutral_and_still_goes(
    text_id: TextId, expected: str
) -> None:
    assert render_degraded_sms(text_id, "fr", replace(TYPICAL, owner="")).startswith(expected)


@pytest.mark.parametrize(("text_id", "language"), EVERY_TEXT)
def test_every_degraded_text_is_one_segment(text_id: TextId, language: Language) -> None:
    measured = measure(render_degraded_sms(text_id, language, replace(LONGEST, owner="")))
    assert (measured.encoding, measured.segments) == (Encoding.Gsm7, 1)


def test_validity_periods_are_what_the_network_takes_and_the_purpose_needs() -> None:
    for text_id in TextId:
        assert 300 <= sms_text(text_id).validity_seconds <= 36_000
    for text_id in (TextId.AlertFirst, TextId.AlertSos, TextId.ClosedUnconfirmed, TextId.AllClear):
        assert sms_text(text_id).validity_seconds == 36_000
    for text_id in (TextId.Repeat, TextId.SosRepeat, TextId.AcknowledgementEnded):
        assert sms_text(text_id).validity_seconds == 900
    assert sms_text(TextId.SignInCode).validity_seconds == 300


def test_only_the_repeat_limits_bind_repeats() -> None:
    purposes = {text_id: sms_text(text_id).purpose for text_id in TextId}
    assert purposes[TextId.AlertFirst] is Purpose.Alert
    assert purposes[TextId.Repeat] is Purpose.Repeat
    assert purposes[TextId.SignInCode] is Purpose.Code
    assert purposes[TextId.OperatorNobodyTold] is Purpose.Operator
    assert {t for t, purpose in purposes.items() if purpose is Purpose.StandDown} == {
        TextId.AllClear,
        TextId.ClearByContact,
        TextId.FalseAlarm,
        TextId.ClosedUnconfirmed,
    }


def test_texts_to_the_owner_never_speak_of_contacts_or_of_anyone_being_told() -> None:
    to_owner = (
        TextId.OwnerReminder,
        TextId.OwnerOverdue,
        TextId.OwnerSetting,
        TextId.OwnerNewSession,
    )
    for text_id in to_owner:
        for language in Language:
            text = render_sms(text_id, language, TYPICAL).lower()
            assert not any(word in text for word in ("contact", "alert", "préven", "tell"))


def test_the_operator_gets_ids_only() -> None:
    assert sms_text(TextId.OperatorNobodyTold).fields == {"number"}


def test_a_sign_in_code_ends_with_the_line_phones_fill_it_in_from() -> None:
    text = render_sms(TextId.SignInCode, "fr", TYPICAL)
    assert text.splitlines()[-1] == "@vigie.app #482913"


def test_every_value_is_spoken_of_by_some_text() -> None:
    spoken = frozenset[str]().union(*(sms_text(text_id).fields for text_id in TextId))
    assert spoken == {field.name for field in fields(TextValues)}


def test_values_are_never_printed() -> None:
    assert "Sam" not in repr(TYPICAL)
