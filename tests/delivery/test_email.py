"""E-mail over SMTP: what leaves, and what each way to fail means."""

import asyncio
import smtplib
from dataclasses import replace

import pytest
from django.core import mail

from alerts.delivery.email import EmailProvider, smtp_errors_translated
from alerts.delivery.provider import OutcomeUnknown, ProviderUnavailable, RecipientRejected
from alerts.domain.states import Channel
from tests.delivery.stub import DELIVERY_ID, message


def test_an_email_leaves_with_an_id_that_each_attempt_shares() -> None:
    outbound = replace(
        message(),
        channel=Channel.Email,
        to="mia@example.org",
        subject="Ana vous a laissé un message",
    )

    with EmailProvider("Vigie <vigie@example.org>") as provider:
        reference = asyncio.run(provider.send(outbound))

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["mia@example.org"], outbound.subject, "Bonjour")
    assert reference == f"<{DELIVERY_ID}@example.org>"
    assert sent.extra_headers["Message-ID"] == reference


@pytest.mark.parametrize(
    ("error", "meaning", "tells_operator"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), RecipientRejected, False),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), ProviderUnavailable, False),
        (smtplib.SMTPAuthenticationError(535, b"no"), ProviderUnavailable, True),
        (smtplib.SMTPDataError(554, b"spam"), RecipientRejected, True),
        (smtplib.SMTPDataError(451, b"later"), ProviderUnavailable, False),
        (smtplib.SMTPConnectError(421, b"busy"), ProviderUnavailable, False),
        (ConnectionRefusedError(), ProviderUnavailable, False),
    ],
)
def test_smtp_errors_mean_what_they_say(
    error: Exception,
    meaning: type[RecipientRejected],
    tells_operator: bool,  # noqa: FBT001
) -> None:
    with pytest.raises(meaning) as caught, smtp_errors_translated():
        raise error

    assert caught.value.tell_operator is tells_operator


@pytest.mark.parametrize("error", [TimeoutError(), smtplib.SMTPServerDisconnected()])
def test_a_dialogue_that_breaks_off_is_neither_yes_nor_no(error: Exception) -> None:
    with pytest.raises(OutcomeUnknown), smtp_errors_translated():
        raise error
