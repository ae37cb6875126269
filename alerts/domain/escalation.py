"""The escalation plan: who is told when, frozen when an incident opens. Pure functions."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from alerts.domain.states import Trigger
from alerts.domain.texts import TextId

OPERATOR_WAIT = timedelta(seconds=120)
OPERATOR_PERIOD = timedelta(minutes=5)
OPERATOR_NOTICES = 12
CLOSING_AFTER_OPENING = timedelta(hours=6)
CLOSING_AFTER_HUMAN_ACT = timedelta(minutes=60)
CLOSING_AFTER_LAST_ROUND = timedelta(minutes=60)
REPEAT_SPACING = timedelta(seconds=60)
TAIL_PERIOD = timedelta(minutes=60)
DOUBT_PERIOD = timedelta(minutes=60)
PAGE_KEPT_PERIOD = timedelta(hours=72)


class Audience(StrEnum):
    """Whom a step is for."""

    CircleOne = "circle_1"
    CircleTwo = "circle_2"
    Everyone = "everyone"


class Means(StrEnum):
    """What a step does: all written channels, one text, or one of a pair of calls."""

    Message = "message"
    Sms = "sms"
    Call = "call"
    CallAgain = "call_again"


class Reason(StrEnum):
    """Why a plan starts; it decides the first text."""

    Opened = "opened"
    OpenedLate = "opened_late"
    Doubted = "doubted"


@dataclass(frozen=True)
class Step:
    """One step: seconds after the plan's start, for whom, by what, with which text."""

    after: float
    audience: Audience
    means: Means
    text: TextId


Plan = list[Step]

_ALL = Audience.Everyone
_COMMON_MINUTES = [
    (10, _ALL, Means.Sms),
    (20, _ALL, Means.Call),
    (30, _ALL, Means.Sms),
    (40, _ALL, Means.Call),
    (50, _ALL, Means.Sms),
    (60, _ALL, Means.Call),
    (90, _ALL, Means.Sms),
    (120, _ALL, Means.Sms),
    (150, _ALL, Means.Sms),
    (180, _ALL, Means.Sms),
]
_MISSED_MINUTES = [
    (0, Audience.CircleOne, Means.Message),
    (2, Audience.CircleOne, Means.Call),
    (4, Audience.CircleOne, Means.CallAgain),
    (5, Audience.CircleTwo, Means.Message),
    (7, Audience.CircleTwo, Means.Call),
    (9, Audience.CircleTwo, Means.CallAgain),
    *_COMMON_MINUTES,
]
_URGENT_MINUTES = [
    (0, _ALL, Means.Message),
    (1, _ALL, Means.Call),
    (3, _ALL, Means.CallAgain),
    *_COMMON_MINUTES,
]
_DOUBT_MINUTES = [
    (0, _ALL, Means.Message),
    (2, _ALL, Means.Call),
    (4, _ALL, Means.CallAgain),
    *_COMMON_MINUTES,
]


def make_plan(
    trigger: Trigger,
    *,
    scale: float,
    reason: Reason = Reason.Opened,
    pace: Trigger | None = None,
) -> Plan:
    """Return the plan of a trigger on a clock `scale` times as long as the written one.

    `pace` gives it the steps of another trigger, its texts stay its own.
    """
    minutes = _URGENT_MINUTES if (pace or trigger).is_urgent else _MISSED_MINUTES
    if reason is Reason.Doubted and not trigger.is_urgent:
        minutes = _DOUBT_MINUTES
    first, repeat = _texts(trigger, reason)
    return [
        Step(after * 60 * scale, audience, means, first if means is Means.Message else repeat)
        for after, audience, means in minutes
    ]


def _texts(trigger: Trigger, reason: Reason) -> tuple[TextId, TextId]:
    if trigger.is_urgent:
        first = TextId.SosRepeat if reason is Reason.Doubted else TextId.AlertSos
        return first, TextId.SosRepeat
    firsts = {
        Reason.Opened: TextId.AlertFirst,
        Reason.OpenedLate: TextId.Late,
        Reason.Doubted: TextId.Doubt,
    }
    return firsts[reason], TextId.Repeat


def freeze_plan(plan: Plan) -> list[dict[str, Any]]:
    """Return the plan as it is kept on the incident."""
    return [
        {"after": s.after, "audience": s.audience, "means": s.means, "text": s.text} for s in plan
    ]


def thaw_plan(frozen: list[dict[str, Any]]) -> Plan:
    """Return the plan an incident carries."""
    return [
        Step(s["after"], Audience(s["audience"]), Means(s["means"]), TextId(s["text"]))
        for s in frozen
    ]


def step_number(plan: Plan, number: int, *, scale: float) -> Step:
    """Return a step by its number; beyond the written ones a text goes out every hour."""
    if number < len(plan):
        return plan[number]
    beyond = number - len(plan) + 1
    after = plan[-1].after + beyond * TAIL_PERIOD.total_seconds() * scale
    return Step(after, _ALL, Means.Sms, plan[-1].text)


def step_at(plan: Plan, number: int, *, started_at: datetime, scale: float) -> datetime:
    """Return when a step is due."""
    return started_at + timedelta(seconds=step_number(plan, number, scale=scale).after)


def next_future_step(plan: Plan, number: int, *, elapsed: float, scale: float) -> int:
    """Return the first step from `number` on that lies after `elapsed` seconds."""
    while step_number(plan, number, scale=scale).after <= elapsed:
        number += 1
    return number


def bring_circle_two_forward(plan: Plan, number: int, *, elapsed: float) -> Plan:
    """Return the plan with circle 2's remaining steps moved so that its first one is due now."""
    done, rest = plan[:number], plan[number:]
    second = [step for step in rest if step.audience is Audience.CircleTwo]
    if not second:
        return plan
    shift = elapsed - second[0].after
    moved = [
        replace(step, after=step.after + shift) if step.audience is Audience.CircleTwo else step
        for step in rest
    ]
    return done + sorted(moved, key=lambda step: step.after)
