"""State machines are total: every state has its moves, and every move leads to a state."""

from typing import TYPE_CHECKING, Any

import pytest

from alerts.domain import states
from alerts.domain.errors import ImpossibleMove

if TYPE_CHECKING:
    from enum import StrEnum

MACHINES = {name: table for name, table in vars(states).items() if name.endswith("_MOVES")}
FIRST_STATES = {"MEETUP_MOVES", "TIMER_MOVES", "INCIDENT_MOVES", "CONTACT_MOVES", "DELIVERY_MOVES"}


def test_every_machine_is_looked_at() -> None:
    assert set(MACHINES) == FIRST_STATES


@pytest.mark.parametrize("table", MACHINES.values(), ids=MACHINES)
def test_every_state_has_its_moves(table: dict[Any, frozenset[Any]]) -> None:
    kind: type[StrEnum] = type(next(iter(table)))
    assert set(table) == set(kind)
    for state, wanted in table.items():
        assert wanted <= set(kind)
        assert state not in wanted


@pytest.mark.parametrize("table", MACHINES.values(), ids=MACHINES)
def test_every_state_but_the_first_can_be_reached(table: dict[Any, frozenset[Any]]) -> None:
    first, *others = table
    reached = {first}
    while grown := {to for state in reached for to in table[state]} - reached:
        reached |= grown
    assert reached >= set(others)


@pytest.mark.parametrize("table", MACHINES.values(), ids=MACHINES)
def test_any_other_move_is_refused(table: dict[Any, frozenset[Any]]) -> None:
    for current, allowed in table.items():
        for wanted in set(table) - allowed:
            with pytest.raises(ImpossibleMove):
                states.ensure_move(table, current, wanted)
