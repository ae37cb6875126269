"""Which numbers a person may have, and how they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import ImpossiblePhone
from alerts.domain.phone_numbers import PhoneNumber, mask, parse_phone


@pytest.mark.parametrize(
    ("raw", "e164", "country"),
    [
        ("06 12 34 56 78", "+33612345678", "FR"),
        ("07.56.78.90.12", "+33756789012", "FR"),
        ("+33 (0)6 12 34 56 78", "+33612345678", "FR"),
        ("0033612345678", "+33612345678", "FR"),
        ("\u202a+33\u00a06\u201112\u201134\u201156\u201178\u202c", "+33612345678", "FR"),
        ("０６１２３４５６７８", "+33612345678", "FR"),  # noqa: RUF001 -- full-width digits
        ("+1 202-555-0123", "+12025550123", "US"),
        ("+44 7400 123456", "+447400123456", "GB"),
        ("+32 470 12 34 56", "+32470123456", "BE"),
        ("+262 692 12 34 56", "+262692123456", "RE"),
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(raw: str, e164: str, country: str) -> None:
    assert parse_phone(raw, "FR") == PhoneNumber(e164, country, is_mobile_possible=True)


@pytest.mark.parametrize("raw", ["+33639980000", "+33639985512", "06 39 98 99 99", "+447700900123"])
def test_numbers_kept_for_fiction_work_in_demonstrations(raw: str) -> None:
    assert parse_phone(raw, "FR").is_mobile_possible


def test_a_landline_is_a_number_that_texts_may_not_reach() -> None:
    assert parse_phone("01 42 68 53 00", "FR") == PhoneNumber(
        "+33142685300", "FR", is_mobile_possible=False
    )


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "+",
        "17",
        "112",
        "3919",
        "36 30",
        "0899 12 34 56",  # premium rate
        "0810 12 34 56",  # shared cost
        "0800 12 34 56",  # free of charge: a company's
        "+44 7640 123456",  # pager
        "+49 700 12345678901234567890",
        "+800 1234 5678",
        "+881 612345678",  # satellite
        "+33 0 00 00 00 00",
        "+999 12345678",
        "06 12 34 56",
        "06 12 34 56 78 90",
        "1-800-FLOWERS",
        "+33612345678;ext=5",
        "tel:+33612345678",
        "0612345678 ext. 5",
        "06 12 34 56 78\x00",
        "\ud80006 12 34 56 78",
        "06 ж12 34 56 78",
        "0" * 500,
        "+" + "9" * 5000,
    ],
)
def test_an_impossible_number_is_refused_by_its_code(raw: str) -> None:
    with pytest.raises(ImpossiblePhone) as refusal:
        parse_phone(raw, "FR")
    assert refusal.value.code == "impossible_phone_number"


@pytest.mark.parametrize("country", [None, "", "ZZ", "fr-FR"])
def test_a_national_number_needs_a_known_country(country: str | None) -> None:
    with pytest.raises(ImpossiblePhone):
        parse_phone("06 12 34 56 78", country)
    assert parse_phone("+33612345678", country).e164 == "+33612345678"


@given(
    st.one_of(
        st.text(st.characters(), max_size=60),
        st.text("0123456789+-(). ", max_size=25),
        st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    ),
    st.sampled_from(["FR", "US", "IT", "ZZ", None]),
)
def test_any_text_is_a_number_or_refused(raw: str, country: str | None) -> None:
    try:
        number = parse_phone(raw, country)
    except ImpossiblePhone:
        return
    assert number.e164.startswith("+")
    assert number.e164[1:].isdecimal()
    assert parse_phone(number.e164) == number


def test_a_masked_number_tells_its_country_and_last_two_digits() -> None:
    assert mask("+33639980012") == "+33 •• •• •• 12"
    assert mask("+12025550123") == "+1 •• •• •• 23"


@pytest.mark.parametrize("damaged", ["", "12", "+", "not a number"])
def test_a_damaged_number_is_masked_all_the_same(damaged: str) -> None:
    assert mask(damaged).startswith("•• •• ••")
