"""While a silent incident is live: what others do about it stays out of sight of the phone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from alerts.delivery.provider import RecipientRejected
from alerts.domain.states import ContactState, Trigger
from alerts.models import Contact
from alerts.services.contacts.consent import stop_from_alert
from alerts.services.incidents.responses import (
    acknowledge_incident,
    record_reveal,
    report_safe,
)
from tests.attacks.worlds import World, both_worlds, look_later, seen, world
from tests.factories import DURESS_PIN, PIN

WRONG_PIN = "0000"


def forced_extension(made: World) -> None:
    made.plan(due="23:00", contacts=["mia", "leo"]).at("22:50").sweep()
    made.call("post", made.of_meetup("/extend"), {"minutes": 15, "pin": made.pin})
    made.sweep().after(minutes=2).sweep().take()


def nobody_reacts(_made: World) -> None:
    """Let the contacts be silent."""


def mia_acts(made: World) -> None:
    if made.pin == DURESS_PIN:
        record_reveal(responder_id=made.responder("mia"), now=made.now)
        acknowledge_incident(responder_id=made.responder("mia"), now=made.now)


def mia_says_safe(made: World) -> None:
    if made.pin == DURESS_PIN:
        report_safe(responder_id=made.responder("mia"), how="with_them", now=made.now)


def wait(made: World) -> Any:
    return made.sweep().after(minutes=1)


def sos(made: World) -> Any:
    return seen(made.call("post", "/sos", {}))


def miss(made: World) -> Any:
    return made.at("23:25").sweep().after(seconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize("reaction", [nobody_reacts, mia_acts, mia_says_safe])
@pytest.mark.parametrize("then", [wait, sos, miss])
def test_what_contacts_do_about_it_is_not_seen(
    reaction: Callable[[World], None], then: Callable[[World], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def story(made: World) -> list[Any]:
        forced_extension(made)
        reaction(made)
        made.sweep().after(minutes=1).sweep().after(seconds=1)
        answer = then(made)
        return [answer if isinstance(answer, tuple) else "", *look_later(made)]

    true, forced = both_worlds(story, monkeypatch)
    assert true == forced


@pytest.mark.django_db
def test_a_dead_number_is_not_betrayed(monkeypatch: pytest.MonkeyPatch) -> None:
    def story(made: World) -> list[Any]:
        made.network.failures[made.number_of("mia")] = RecipientRejected("21610")
        forced_extension(made)
        return look_later(made)[:1]

    true, forced = both_worlds(story, monkeypatch)
    assert true == forced


@pytest.mark.django_db
def test_a_contact_who_stops_does_not_light_up_the_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(DURESS_PIN, monkeypatch) as made:
        forced_extension(made)
        stop_from_alert(responder_id=made.responder("mia"), now=made.now)
        assert Contact.objects.get(pk=made.contacts["mia"].pk).state == ContactState.Stopped
        assert [sent.to for sent in made.sweep().take()] == ["mia"]


@pytest.mark.django_db
def test_a_drill_explains_no_silent_alert_away(monkeypatch: pytest.MonkeyPatch) -> None:
    left = []

    def story(made: World) -> list[Any]:
        forced_extension(made)
        answer = made.call("post", f"/contacts/{made.contacts['mia'].pk}/drill")
        left.append("S18" in [sent.text for sent in made.sweep().take()])
        return [seen(answer)]

    true, forced = both_worlds(story, monkeypatch)
    assert true == forced
    assert left == [True, False]


@pytest.mark.django_db
def test_the_fifth_wrong_pin_is_answered_as_the_fourth(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(PIN, monkeypatch) as made:
        made.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
        answers = [
            seen(made.call("post", made.of_meetup("/end"), {"pin": WRONG_PIN})) for _ in range(5)
        ]
        assert answers[3] == answers[4]
        made.sweep()
        assert made.incident.trigger == Trigger.WrongPins


@pytest.mark.django_db
def test_wrong_pins_do_not_undo_an_acknowledgement_in_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world(PIN, monkeypatch) as made:
        made.plan(due="23:00", contacts=["mia"]).at("23:10").sweep()
        acknowledge_incident(responder_id=made.responder("mia"), now=made.now)
        made.sweep().after(minutes=1)
        before = made.call("get", made.of_incident()).json()
        for _ in range(5):
            made.call("post", made.of_meetup("/end"), {"pin": WRONG_PIN})
        made.sweep().after(minutes=1).sweep()
        assert made.incident.trigger == Trigger.WrongPins
        assert made.call("get", made.of_incident()).json() == before


@pytest.mark.django_db
@pytest.mark.parametrize("new_pin", ["8642", "7531"])
def test_pins_set_under_duress_look_like_any_other(
    new_pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []

    def story(made: World) -> list[Any]:
        made.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
        new = {"pin": "8642", "duress_pin": "7531", "current_pin": made.pin}
        answers = [seen(made.call("put", "/me/pins", new))]
        made.sweep().after(minutes=5).sweep()
        answers.append(seen(made.call("post", made.of_meetup("/end"), {"pin": new_pin})))
        looks = look_later(made)
        heard.append("S11" in [sent.text for sent in made.take()])
        return [answers, looks]

    true, forced = both_worlds(story, monkeypatch)
    assert true == forced
    assert not any(heard)


@pytest.mark.django_db
def test_both_pins_set_under_duress_mean_duress_until_three_days_after_the_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world(DURESS_PIN, monkeypatch) as made:
        new = {"pin": "8642", "duress_pin": "7531", "current_pin": made.pin}
        made.call("put", "/me/pins", new)
        made.sweep().after(minutes=5)
        report_safe(responder_id=made.responder("mia"), how="with_them", now=made.now)
        made.sweep().after(hours=71).take()
        assert _is_heard(made, "8642")
        report_safe(responder_id=made.responder("mia"), how="with_them", now=made.now)
        made.sweep().after(hours=71).take()
        assert _is_heard(made, "8642")
        report_safe(responder_id=made.responder("mia"), how="with_them", now=made.now)
        made.sweep().after(hours=73).take()
        assert not _is_heard(made, "8642")
        assert _is_heard(made, "7531")


REFUSED: list[tuple[int, str, str, dict[str, Any]]] = [
    (400, "put", "/me/pins", {"pin": "1111", "duress_pin": "1112", "current_pin": DURESS_PIN}),
    (400, "patch", "/me", {"time_zone": "Nowhere/Land", "pin": DURESS_PIN}),
    (403, "patch", "/me", {"code_id": str(UUID(int=9)), "code": "123456", "pin": DURESS_PIN}),
    (400, "patch", "/contacts/mia", {"phone": "+33 1", "pin": DURESS_PIN}),
    (409, "patch", "/meetups/tonight", {"grace_seconds": 600, "pin": DURESS_PIN}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "method", "path", "body"), REFUSED)
def test_a_forced_pin_is_heard_also_where_the_rest_is_refused(
    status: int, method: str, path: str, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(PIN, monkeypatch) as made:
        made.plan(due="23:00", contacts=["mia"]).at("22:00").sweep()
        made.call("post", made.of_meetup("/end"), {"pin": PIN})
        made.sweep().take()
        path = path.replace("/mia", f"/{made.contacts['mia'].pk}")
        path = path.replace("/meetups/tonight", made.of_meetup())
        assert made.call(method, path, body).status_code == status
        assert ("mia", "S07") in made.sweep().take_pairs()


def _is_heard(made: World, pin: str) -> bool:
    """Whether the contacts are called for help by a PIN entered now."""
    made.call("post", "/me/recovery-codes", {"pin": pin})
    return "S07" in [sent.text for sent in made.sweep().take()]
