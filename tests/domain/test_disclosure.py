"""Every field, at every level, for every trigger, to proven and unproven numbers."""

from itertools import product

import pytest

from alerts.domain.disclosure import Field, discreet, visible_fields
from alerts.domain.states import Trigger

LEVEL_0 = {"alias", "silence"}
LEVEL_1 = LEVEL_0 | {"planned_time", "place", "positions"}
LEVEL_2 = LEVEL_1 | {"name", "phone", "photo", "vehicle"}
LEVEL_3 = LEVEL_2 | {"platform", "handle", "profile_url", "notes"}
LEVELS = [LEVEL_0, LEVEL_1, LEVEL_2, LEVEL_3]
PLACE = {"planned_time", "place", "positions"}
CALL = {"owner_phone"}

# trigger, level, the owner gives the place when asking for help -> what a confirmed contact sees
TABLE = [
    (Trigger.MissedCheckIn, 0, False, LEVEL_0 | CALL),
    (Trigger.MissedCheckIn, 0, True, LEVEL_0 | CALL),
    (Trigger.MissedCheckIn, 1, False, LEVEL_1 | CALL),
    (Trigger.MissedCheckIn, 1, True, LEVEL_1 | CALL),
    (Trigger.MissedCheckIn, 2, False, LEVEL_2 | CALL),
    (Trigger.MissedCheckIn, 2, True, LEVEL_2 | CALL),
    (Trigger.MissedCheckIn, 3, False, LEVEL_3 | CALL),
    (Trigger.MissedCheckIn, 3, True, LEVEL_3 | CALL),
    *(
        (trigger, level, gives_place, LEVELS[level] | (PLACE if gives_place else set()))
        for trigger in (Trigger.Sos, Trigger.WrongPins, Trigger.Duress)
        for level in range(4)
        for gives_place in (False, True)
    ),
]


def test_the_table_covers_every_level_and_trigger() -> None:
    rows = {(trigger, level, gives_place) for trigger, level, gives_place, _ in TABLE}

    assert rows == set(product(Trigger, range(4), (False, True)))
    assert {field.value for field in Field} == LEVEL_3 | CALL


@pytest.mark.parametrize(("trigger", "level", "gives_place", "expected"), TABLE)
def test_a_confirmed_contact_sees_what_the_owner_chose(
    *, trigger: Trigger, level: int, gives_place: bool, expected: set[str]
) -> None:
    seen = visible_fields(level=level, trigger=trigger, gives_place=gives_place, is_confirmed=True)

    for field in Field:
        assert (field in seen) == (field.value in expected), field


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("trigger", Trigger)
@pytest.mark.parametrize("gives_place", [False, True])
def test_a_number_never_proven_sees_that_there_is_no_news_and_no_more(
    *, trigger: Trigger, level: int, gives_place: bool
) -> None:
    seen = visible_fields(level=level, trigger=trigger, gives_place=gives_place, is_confirmed=False)

    assert seen == {Field.Alias, Field.Silence}


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("gives_place", [False, True])
def test_an_open_and_a_silent_call_for_help_show_the_same(*, level: int, gives_place: bool) -> None:
    shown = {
        visible_fields(level=level, trigger=trigger, gives_place=gives_place, is_confirmed=True)
        for trigger in (Trigger.Sos, Trigger.WrongPins, Trigger.Duress)
    }

    assert len(shown) == 1


@pytest.mark.parametrize("level", range(3))
def test_words_that_could_out_the_owner_are_hidden_below_the_highest_level(level: int) -> None:
    assert discreet("Sam Grindr", level=level) == "Sam •••"
    assert discreet("Sam, site de rencontre", level=level) == "Sam, site de •••"
    assert discreet("arc en ciel", level=level) == "•••"
    assert discreet("Sam  Martin", level=level) == "Sam  Martin"


def test_the_highest_level_sees_what_the_owner_wrote() -> None:
    assert discreet("Sam Grindr", level=3) == "Sam Grindr"
