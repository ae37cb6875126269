"""Whatever is called with a PIN: the true and the duress one leave nothing to tell them by."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from alerts.services.incidents.responses import acknowledge_incident
from tests.attacks.worlds import World, both_worlds, look_later, seen, statements_of

Stage = Callable[[World], None]
Call = Callable[[World], Any]


def nothing(world: World) -> None:
    world.after(minutes=30)


def planned(world: World) -> None:
    world.plan(due="23:00", contacts=["mia", "leo", "zoe"])


def quiet(world: World) -> None:
    world.plan(due="23:00", contacts=["mia", "leo", "zoe"]).at("22:00").sweep()


def in_window(world: World) -> None:
    world.plan(due="23:00", contacts=["mia", "leo", "zoe"]).at("22:55").sweep()


def overdue(world: World) -> None:
    world.plan(due="23:00", contacts=["mia", "leo", "zoe"]).at("23:03").sweep()


def alerting(world: World) -> None:
    world.plan(due="23:00", contacts=["mia", "leo", "zoe"]).at("23:10").sweep()
    world.after(minutes=1).sweep()


def acknowledged(world: World) -> None:
    alerting(world)
    acknowledge_incident(responder_id=world.responder("mia"), now=world.now)
    world.sweep()


def ended(world: World) -> None:
    quiet(world)
    world.pin, pin = "2468", world.pin
    world.call("post", world.of_meetup("/end"), {"pin": world.pin})
    world.pin = pin
    world.sweep().after(minutes=2)


STAGES: Mapping[str, Stage] = {
    stage.__name__: stage
    for stage in (nothing, planned, quiet, in_window, overdue, alerting, acknowledged, ended)
}


def on_meetup(action: str, **body: Any) -> Call:
    return lambda world: world.call("post", world.of_meetup(action), {**body, "pin": world.pin})


def resolve(**body: Any) -> Call:
    return lambda world: world.call(
        "post", world.of_incident() + "/resolve", {**body, "pin": world.pin}
    )


def patch_meetup(**body: Any) -> Call:
    return lambda world: world.call("patch", world.of_meetup(), {**body, "pin": world.pin})


def fewer_contacts(world: World) -> Any:
    kept = [str(world.contacts[name].pk) for name in ("mia", "leo")]
    return world.call("patch", world.of_meetup(), {"contacts": kept, "pin": world.pin})


def patch_contact(**body: Any) -> Call:
    return lambda world: world.call(
        "patch", f"/contacts/{world.contacts['zoe'].pk}", {**body, "pin": world.pin}
    )


def patch_me(**body: Any) -> Call:
    return lambda world: world.call("patch", "/me", {**body, "pin": world.pin})


def delete(path: Callable[[World], str]) -> Call:
    return lambda world: world.call("delete", path(world), HTTP_X_PIN=world.pin)


def new_pins(world: World) -> Any:
    body = {"pin": "8642", "duress_pin": "7531", "current_pin": world.pin}
    return world.call("put", "/me/pins", body)


def recovery_codes(world: World) -> Any:
    return world.call("post", "/me/recovery-codes", {"pin": world.pin})


CALLS: Mapping[str, Call] = {
    "check_in": on_meetup("/check-in"),
    "end": on_meetup("/end"),
    "cancel": on_meetup("/cancel"),
    "extend": on_meetup("/extend", minutes=15),
    "extend_too_long": on_meetup("/extend", minutes=720),
    "resolve": resolve(),
    "false_alarm": resolve(false_alarm=True),
    "resolve_and_end": resolve(end_meetup=True),
    "new_place": patch_meetup(place={"label": "Ailleurs", "address": "3 rue X"}),
    "longer_grace": patch_meetup(grace_seconds=1800),
    "fewer_contacts": fewer_contacts,
    "lower_level": patch_contact(disclosure_level=0),
    "new_number": patch_contact(phone="+33639987199"),
    "delete_meetup": delete(lambda world: world.of_meetup()),
    "delete_contact": delete(lambda world: f"/contacts/{world.contacts['zoe'].pk}"),
    "new_pins": new_pins,
    "recovery_codes": recovery_codes,
    "settings": patch_me(settings={"sos_gives_place": False}),
    "email": patch_me(email="ana@example.org"),
    "delete_me": delete(lambda _world: "/me"),
}


# Each call where it weighs most; what follows is looked at in the minutes given above.
TWINS = [
    ("check_in", "in_window"),
    ("check_in", "acknowledged"),
    ("end", "quiet"),
    ("end", "ended"),
    ("cancel", "planned"),
    ("extend", "in_window"),
    ("extend", "alerting"),
    ("extend_too_long", "overdue"),
    ("resolve", "acknowledged"),
    ("false_alarm", "alerting"),
    ("resolve_and_end", "acknowledged"),
    ("new_place", "alerting"),
    ("longer_grace", "overdue"),
    ("fewer_contacts", "in_window"),
    ("lower_level", "acknowledged"),
    ("new_number", "overdue"),
    ("delete_meetup", "quiet"),
    ("delete_contact", "overdue"),
    ("new_pins", "in_window"),
    ("recovery_codes", "acknowledged"),
    ("settings", "planned"),
    ("email", "nothing"),
    ("delete_me", "alerting"),
]


def test_every_call_with_a_pin_has_its_twins() -> None:
    assert {call for call, _ in TWINS} == set(CALLS)


@pytest.mark.django_db
@pytest.mark.parametrize(("call", "stage"), TWINS)
def test_the_pins_leave_nothing_to_tell_them_by(
    call: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def story(world: World) -> list[Any]:
        STAGES[stage](world)
        world.take()
        answer, statements = statements_of(lambda: CALLS[call](world))
        return [seen(answer), statements, *look_later(world)]

    true, forced = both_worlds(story, monkeypatch)
    assert true == forced
