"""How an incident stands for one contact: every case, and what each leaves to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.domain.standing import (
    ACTIONS,
    Action,
    Standing,
    StandingFacts,
    possible_actions,
    standing_of,
)
from alerts.domain.states import IncidentState

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
NOTHING_SAID = StandingFacts(
    state=IncidentState.Open,
    is_confirmed=True,
    has_accepted=False,
    has_declined=False,
    has_stopped=False,
    is_mine=False,
    is_somebody_elses=False,
)
CASES: list[tuple[dict[str, object], Standing]] = [
    ({}, Standing.Open),
    ({"is_confirmed": False}, Standing.Asked),
    ({"is_confirmed": False, "has_accepted": True}, Standing.Open),
    ({"is_confirmed": False, "is_somebody_elses": True}, Standing.Asked),
    ({"has_declined": True}, Standing.Declined),
    ({"has_declined": True, "is_somebody_elses": True}, Standing.Declined),
    ({"is_mine": True}, Standing.Mine),
    ({"is_mine": True, "is_somebody_elses": True}, Standing.Mine),
    ({"is_somebody_elses": True}, Standing.Others),
    ({"state": IncidentState.Resolved}, Standing.Resolved),
    ({"state": IncidentState.Resolved, "has_declined": True}, Standing.Resolved),
    ({"state": IncidentState.Resolved, "is_confirmed": False}, Standing.Resolved),
    ({"state": IncidentState.ClosedUnconfirmed, "has_declined": True}, Standing.Closed),
    ({"has_stopped": True, "is_mine": True}, Standing.Stopped),
    ({"has_stopped": True, "state": IncidentState.Resolved}, Standing.Stopped),
]


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_what_has_ended_comes_before_what_was_said(
    facts: dict[str, object], expected: Standing
) -> None:
    assert standing_of(replace(NOTHING_SAID, **facts)) is expected  # type: ignore[arg-type]


def test_every_standing_is_reached_and_says_what_is_left_to_do() -> None:
    assert {expected for _, expected in CASES} == set(Standing) == set(ACTIONS)
    assert set().union(*ACTIONS.values()) == set(Action)


@pytest.mark.parametrize(("minutes", "is_possible"), [(0, True), (59, True), (60, False)])
def test_doubt_lasts_an_hour(*, minutes: int, is_possible: bool) -> None:
    resolved_at = NOW - timedelta(minutes=minutes)

    actions = possible_actions(Standing.Resolved, resolved_at=resolved_at, now=NOW)

    assert (Action.Doubt in actions) == is_possible
