"""Attempts end in values, whatever a provider does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from alerts.delivery.outcomes import (
    Accepted,
    LookedUp,
    Outcome,
    Rejected,
    Unavailable,
    Unknown,
    attempt,
    look_up,
)
from alerts.delivery.provider import (
    OutboundMessage,
    OutcomeUnknown,
    ProviderUnavailable,
    RecipientRejected,
)
from alerts.domain.states import Channel
from tests.delivery.stub import message

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class OneAnswer:
    """A provider that answers everything with one value or exception."""

    answer: str | Exception
    name: str = "fake"

    async def send(self, message: OutboundMessage) -> str:  # noqa: ARG002
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Finder(OneAnswer):
    """One that can be asked later."""

    async def find(self, message: OutboundMessage, *, since: datetime) -> Sequence[str]:
        return [await self.send(message)] if since else []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("ref-1", Accepted("fake", "ref-1")),
        (RecipientRejected("21610"), Rejected("21610")),
        (ProviderUnavailable("500", retry_after=3), Unavailable("500", 3)),
        (OutcomeUnknown("no_answer"), Unknown("no_answer")),
        (ZeroDivisionError(), Unknown("internal")),
    ],
)
def test_every_end_of_an_attempt_is_a_value(answer: str | Exception, outcome: Outcome) -> None:
    assert asyncio.run(attempt(message(), {Channel.Sms: OneAnswer(answer)})) == outcome


def test_a_channel_without_provider_rejects_so_that_the_next_one_is_taken() -> None:
    assert asyncio.run(attempt(message(), {})) == Rejected("channel_not_available")


def test_a_look_up_that_fails_has_found_nothing() -> None:
    for trouble in (OutcomeUnknown("x"), ProviderUnavailable("x"), ZeroDivisionError()):
        found = asyncio.run(look_up(message(), {Channel.Sms: Finder(trouble)}, since=LONG_AGO))
        assert found == LookedUp("fake")


def test_a_look_up_returns_what_the_provider_knows() -> None:
    found = asyncio.run(look_up(message(), {Channel.Sms: Finder("SM1")}, since=LONG_AGO))
    assert found == LookedUp("fake", ("SM1",))


def test_a_provider_that_cannot_be_asked_knows_nothing() -> None:
    found = asyncio.run(look_up(message(), {Channel.Sms: OneAnswer("SM1")}, since=LONG_AGO))
    assert found == LookedUp("fake")
