"""What a contact is let see: decided here alone, for pages and texts alike."""

from enum import IntEnum, StrEnum

from alerts.domain.states import Trigger
from alerts.domain.texts.deny_list import forbidden_words

_HIDDEN_WORD = "•••"


class Level(IntEnum):
    """How much the owner lets a contact know."""

    Silence = 0
    Place = 1
    Person = 2
    Everything = 3


class Field(StrEnum):
    """One thing that can be known of an owner and their meetup."""

    Alias = "alias"
    Silence = "silence"  # that there is no news, and since when
    PlannedTime = "planned_time"
    Place = "place"
    Positions = "positions"
    StrangerName = "name"
    StrangerPhone = "phone"
    StrangerPhoto = "photo"
    StrangerVehicle = "vehicle"
    Platform = "platform"
    Handle = "handle"
    ProfileUrl = "profile_url"
    Notes = "notes"
    OwnerPhone = "owner_phone"


_LEAST_LEVEL = {
    Field.Alias: Level.Silence,
    Field.Silence: Level.Silence,
    Field.PlannedTime: Level.Place,
    Field.Place: Level.Place,
    Field.Positions: Level.Place,
    Field.StrangerName: Level.Person,
    Field.StrangerPhone: Level.Person,
    Field.StrangerPhoto: Level.Person,
    Field.StrangerVehicle: Level.Person,
    Field.Platform: Level.Everything,
    Field.Handle: Level.Everything,
    Field.ProfileUrl: Level.Everything,
    Field.Notes: Level.Everything,
}
_GIVEN_WHEN_URGENT = frozenset({Field.Place, Field.Positions, Field.PlannedTime})


def visible_fields(
    *, level: int, trigger: Trigger, gives_place: bool, is_confirmed: bool
) -> frozenset[Field]:
    """Return what this contact may see; a number that was never proven gets level 0.

    The owner's number is in it only while calling cannot harm; whether the owner shows it to this
    contact is the caller's to know.
    """
    granted = level if is_confirmed else Level.Silence
    fields = {field for field, least in _LEAST_LEVEL.items() if least <= granted}
    if not is_confirmed:
        return frozenset(fields)
    if trigger.is_urgent and gives_place:
        fields |= _GIVEN_WHEN_URGENT
    if not trigger.is_urgent:
        fields.add(Field.OwnerPhone)
    return frozenset(fields)


def discreet(text: str, *, level: int) -> str:
    """Return the owner's words without those that could out them, unless all may be seen."""
    if level >= Level.Everything or not forbidden_words(text):
        return text
    words = [_HIDDEN_WORD if forbidden_words(word) else word for word in text.split()]
    left = " ".join(words)
    return _HIDDEN_WORD if forbidden_words(left) else left
