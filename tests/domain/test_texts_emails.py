"""Every e-mail: discreet, complete, and of one subject line."""

from dataclasses import replace

import pytest

from alerts.domain.languages import Language
from alerts.domain.texts import (
    EmailId,
    MissingTextValue,
    TextValues,
    forbidden_words,
    render_email,
)
from tests.domain.text_values import LINK, TYPICAL

EVERY_EMAIL = [(email_id, language) for email_id in EmailId for language in Language]


@pytest.mark.parametrize(("email_id", "language"), EVERY_EMAIL)
def test_every_email_is_discreet_and_complete(email_id: EmailId, language: Language) -> None:
    email = render_email(email_id, language, TYPICAL)
    assert forbidden_words(f"{email.subject} {email.body}") == []
    assert TYPICAL.place not in email.body
    assert len(email.subject.splitlines()) == 1
    assert not set("{}") & set(email.subject + email.body)
    assert all(line == line.strip() for line in email.body.splitlines())


def test_an_alert_email_has_a_subject_that_tells_nothing() -> None:
    email = render_email(EmailId.Alert, "fr", TYPICAL)
    assert email.subject == "Sam vous a laissé un message"
    assert email.body.startswith("(figue) Bonjour,")
    assert LINK in email.body.split()
    assert render_email(EmailId.Closed, "en", TYPICAL).subject == "Sam: all sorted"


def test_an_email_keeps_the_script_of_a_name_and_loses_its_line_breaks() -> None:
    forged = replace(TYPICAL, owner="Саша\r\nBcc: everyone@example.org", trust_word="")
    email = render_email(EmailId.Alert, "en", forged)
    assert email.subject.startswith("Саша Bcc")
    assert "\r" not in email.subject + email.body
    assert "\n" not in email.subject
    assert email.body.startswith("Hello,")


def test_an_email_without_its_link_is_refused() -> None:
    with pytest.raises(MissingTextValue, match="link"):
        render_email(EmailId.AlertSos, "fr", replace(TYPICAL, link=""))


def test_the_operators_email_has_ids_only() -> None:
    email = render_email(EmailId.Operator, "fr", TextValues(number="4821"))
    assert "4821" in email.subject


def test_an_email_is_never_printed() -> None:
    assert "Sam" not in repr(render_email(EmailId.Alert, "fr", TYPICAL))
