"""Whom contacts and owners are told to call."""

import pytest

from alerts.domain.emergency import (
    EmergencyKind,
    HelpPurpose,
    all_resources,
    contact_page_lines,
    emergency_numbers,
    emergency_text,
    help_lines,
)
from alerts.domain.gsm7 import Encoding, measure
from alerts.domain.texts import forbidden_words

COUNTRIES = ["FR", "BE", "CH", "LU", "GB", "DE", "ES", "CA", "CA-QC", "XX", ""]


@pytest.mark.parametrize(
    ("incident", "contact", "french", "english"),
    [
        ("FR", "FR", "17 ou 112", "17 or 112"),
        ("fr", "FR", "17 ou 112", "17 or 112"),
        ("BE", "BE", "101 ou 112", "101 or 112"),
        ("GB", "GB", "999", "999"),
        ("CA-QC", "CA", "911", "911"),
        ("FR", "BE", "voir le lien", "see the link"),
        ("BE", "FR", "voir le lien", "see the link"),
        ("XX", "XX", "voir le lien", "see the link"),
        ("FR", "", "voir le lien", "see the link"),
    ],
)
def test_a_text_names_numbers_that_the_contact_can_dial(
    incident: str, contact: str, french: str, english: str
) -> None:
    assert emergency_text(incident, contact, "fr") == french
    assert emergency_text(incident, contact, "en") == english


@pytest.mark.parametrize(
    ("incident", "contact", "expected"),
    [("FR", "FR", "17 ou 112"), ("FR", "GB", "999"), ("FR", "XX", "112"), ("XX", "XX", "112")],
)
def test_a_text_without_link_never_points_to_one(
    incident: str, contact: str, expected: str
) -> None:
    assert emergency_text(incident, contact, "fr", has_link=False) == expected


@pytest.mark.parametrize("incident", COUNTRIES)
@pytest.mark.parametrize("contact", COUNTRIES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_pair_of_countries_fits_its_place_in_a_text(
    language: str, contact: str, incident: str
) -> None:
    linked = emergency_text(incident, contact, language)
    alone = emergency_text(incident, contact, language, has_link=False)
    for text in (linked, alone):
        assert measure(text).encoding is Encoding.Gsm7
        assert 3 <= measure(text).units <= 12
    assert "1" in alone or "9" in alone


def test_in_france_one_calls_17_or_112_or_writes_to_114() -> None:
    numbers = emergency_numbers("FR", "FR")
    assert [number.number for number in numbers] == ["17", "112", "114"]
    assert [number.is_written for number in numbers] == [False, False, True]
    assert all(number.reaches_incident_police for number in numbers)
    assert numbers[0].name("fr") == "Police ou gendarmerie"


def test_a_contact_abroad_is_told_that_no_number_reaches_the_police_there() -> None:
    numbers = emergency_numbers("FR", "BE")
    assert [(number.number, number.country) for number in numbers] == [
        ("101", "BE"),
        ("112", "BE"),
        ("17", "FR"),
        ("114", "FR"),
    ]
    assert not any(number.reaches_incident_police for number in numbers)


def test_a_contact_in_an_unknown_country_gets_the_nearest_emergency_centre_first() -> None:
    numbers = emergency_numbers("FR", "XX")
    assert [(number.number, number.country) for number in numbers] == [
        ("112", ""),
        ("17", "FR"),
        ("114", "FR"),
    ]
    assert [number.number for number in emergency_numbers("XX", "XX")] == ["112"]


def test_every_country_of_the_table_has_a_number_that_reaches_the_police() -> None:
    for country in COUNTRIES[:-2]:
        first = emergency_numbers(country, country)[0]
        assert first.kind is EmergencyKind.Police
        assert first.reaches_incident_police


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_a_contact_reads_of_help_lines_outs_nobody(country: str, language: str) -> None:
    lines = contact_page_lines(country)
    shown = [
        part
        for line in lines
        for part in (line.neutral_name(language), line.hours(language), line.note(language))
    ]
    assert forbidden_words(" / ".join(shown)) == []
    assert {line.purpose for line in lines} <= {HelpPurpose.DangerNow, HelpPurpose.Afterwards}
    assert all(line.is_for_contacts for line in lines)


def test_a_contact_in_france_is_shown_help_for_afterwards_too() -> None:
    assert [line.code for line in contact_page_lines("FR")] == [
        "17",
        "112",
        "114",
        "15",
        "18",
        "116006",
    ]


def test_the_signed_in_owner_gets_every_line() -> None:
    codes = {line.code for line in all_resources("FR")}
    assert codes >= {"17", "3919", "119", "sos-homophobie", "le-refuge", "plainte-en-ligne"}
    assert [line.code for line in help_lines("FR", {HelpPurpose.Lgbt})] == ["sos-homophobie"]
    assert all_resources("XX") == []


def test_hours_that_are_not_confirmed_are_not_shown() -> None:
    (line,) = help_lines("FR", {HelpPurpose.Lgbt})
    assert line.hours("fr") == line.hours("en") == ""


def test_every_line_can_be_reached_and_says_where_it_is_known_from() -> None:
    for country in COUNTRIES:
        for line in all_resources(country):
            assert set(line.channels) <= {"tel", "sms", "url", "email"}
            assert line.channels
            assert line.source
            assert line.confidence in {"high", "medium"}
            assert line.name("fr")
            assert line.name("en")
