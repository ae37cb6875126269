"""How an incident stands for one contact, and what that contact can do about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts.domain.escalation import DOUBT_PERIOD
from alerts.domain.states import IncidentState


class Standing(StrEnum):
    """What the alert page says at its top."""

    Asked = "asked"  # never proved their number: accept or refuse first
    Open = "open"
    Declined = "declined"
    Mine = "mine"
    Others = "others"
    Resolved = "resolved"
    Closed = "closed"
    Stopped = "stopped"


class Action(StrEnum):
    """What the alert page offers."""

    Accept = "accept"
    Refuse = "refuse"
    Acknowledge = "acknowledge"
    Update = "update"
    HandOver = "hand-over"
    Decline = "decline"
    TakeBack = "take-back"
    Safe = "safe"
    Reveal = "reveal"
    Doubt = "doubt"


ACTIONS: dict[Standing, frozenset[Action]] = {
    Standing.Asked: frozenset({Action.Accept, Action.Refuse}),
    Standing.Open: frozenset({Action.Acknowledge, Action.Decline, Action.Safe, Action.Reveal}),
    Standing.Declined: frozenset({Action.TakeBack}),
    Standing.Mine: frozenset({Action.Update, Action.HandOver, Action.Safe, Action.Reveal}),
    Standing.Others: frozenset({Action.Acknowledge, Action.Reveal}),
    Standing.Resolved: frozenset({Action.Doubt}),
    Standing.Closed: frozenset({Action.Safe, Action.Reveal}),
    Standing.Stopped: frozenset(),
}
DETAILED_STANDINGS = frozenset(
    standing for standing, actions in ACTIONS.items() if Action.Reveal in actions
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFacts:
    """What decides how an incident stands for a contact."""

    state: IncidentState
    is_confirmed: bool
    has_accepted: bool
    has_declined: bool
    has_stopped: bool
    is_mine: bool
    is_somebody_elses: bool


def standing_of(facts: StandingFacts) -> Standing:
    """Return how the incident stands; what has ended comes before what the contact said."""
    rules = (
        (facts.has_stopped, Standing.Stopped),
        (facts.state is IncidentState.Resolved, Standing.Resolved),
        (facts.state is IncidentState.ClosedUnconfirmed, Standing.Closed),
        (facts.has_declined, Standing.Declined),
        (not (facts.is_confirmed or facts.has_accepted), Standing.Asked),
        (facts.is_mine, Standing.Mine),
        (facts.is_somebody_elses, Standing.Others),
    )
    return next((standing for holds, standing in rules if holds), Standing.Open)


def possible_actions(
    standing: Standing, *, resolved_at: datetime | None, now: datetime
) -> frozenset[Action]:
    """Return what is left to do; doubt ends an hour after the incident was resolved."""
    actions = ACTIONS[standing]
    if standing is Standing.Resolved and not _may_doubt(resolved_at, now):
        actions -= {Action.Doubt}
    return actions


def _may_doubt(resolved_at: datetime | None, now: datetime) -> bool:
    return resolved_at is not None and now < resolved_at + DOUBT_PERIOD
