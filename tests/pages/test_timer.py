"""The owner's timer page: one timer, a PIN, nothing about what it is for."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from alerts.domain.states import MeetupState, TimerKind, TimerState
from alerts.domain.texts import forbidden_words
from alerts.models import CheckInTimer, Meetup, PinEntry
from alerts.sealing.tokens import LinkPurpose, derive_token
from alerts.services.links import create_links
from tests.factories import DURESS_PIN, PIN, MeetupFactory, TimerFactory
from tests.pages.reading import text_of_page

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def make_timer(now: datetime, *, due_in: int, **columns: Any) -> CheckInTimer:
    """Return a timer of a running meetup that began two hours ago, with a link."""
    meetup = columns.pop("meetup", None) or MeetupFactory.create(starts_at=now - 120 * MINUTE)
    timer: CheckInTimer = TimerFactory.create(
        meetup=meetup, armed_at=now - 120 * MINUTE, due_at=now + due_in * MINUTE, **columns
    )
    create_links(LinkPurpose.OwnerTimer, [timer.pk], now=now)
    return timer


def path_of(timer: CheckInTimer) -> str:
    return f"/t/{derive_token(LinkPurpose.OwnerTimer, str(timer.pk), 1)}"


def test_it_shows_the_time_left_and_the_end(client: Client, now: datetime) -> None:
    text = text_of_page(client.get(path_of(make_timer(now, due_in=12))))

    assert "Encore 12 min" in text
    assert "+15 min" in text
    assert "+30 min" in text


def test_it_names_neither_people_nor_places_nor_its_purpose(client: Client, now: datetime) -> None:
    for language in ("fr", "en"):
        text = text_of_page(client.get(f"{path_of(make_timer(now, due_in=12))}?lang={language}"))

        assert forbidden_words(text) == []
        for word in ("Sam", "Mia", "Lilas", "contact", "alert", "SOS", "police"):
            assert word.lower() not in text.lower()


def test_the_pin_ends_the_meetup_at_its_end(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=5)

    answer = client.post(f"{path_of(timer)}/check-in", {"pin": PIN})

    assert answer.status_code == 303
    assert answer.headers["Location"] == path_of(timer)
    assert Meetup.objects.get().state == MeetupState.Ended
    assert "C'est validé" in text_of_page(client.get(path_of(timer)))


def test_pressed_twice_it_is_checked_in_once(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=5)

    answers = [client.post(f"{path_of(timer)}/check-in", {"pin": PIN}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert "C'est validé" in text_of_page(client.get(path_of(timer)))


def test_both_pins_get_the_same_answers(client: Client, now: datetime) -> None:
    true, forced = make_timer(now, due_in=5), make_timer(now, due_in=5)

    answers = [
        client.post(f"{path_of(timer)}/check-in", {"pin": pin})
        for timer, pin in ((true, PIN), (forced, DURESS_PIN))
    ]
    pages = [text_of_page(client.get(path_of(timer))) for timer in (true, forced)]

    assert answers[0].status_code == answers[1].status_code
    assert set(answers[0].headers) == set(answers[1].headers)
    assert pages[0].partition("À jour")[0] == pages[1].partition("À jour")[0]
    assert PinEntry.objects.count() == 2


def test_a_wrong_pin_is_said_at_its_field(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=5)

    answer = client.post(f"{path_of(timer)}/check-in", {"pin": "9999"})

    assert answer.status_code == 422
    assert "Ce code n'est pas le bon." in text_of_page(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert 'aria-describedby="pin-hint pin-error"' in answer.content.decode()
    assert "9999" not in answer.content.decode()
    assert CheckInTimer.objects.get().state == TimerState.Armed


def test_without_the_pin_the_end_asks_for_it(client: Client, now: datetime) -> None:
    answer = client.post(f"{path_of(make_timer(now, due_in=5))}/check-in", {"pin": ""})

    assert answer.status_code == 422
    assert "Entrez votre code" in text_of_page(answer)


def test_after_five_wrong_pins_it_is_locked(client: Client, now: datetime) -> None:
    path = path_of(make_timer(now, due_in=5))

    texts = [
        text_of_page(client.post(f"{path}/check-in", {"pin": "9999"}), without_time=True)
        for _ in range(6)
    ]

    assert texts[3] == texts[4]
    assert "Trop d'essais" in texts[5]


def test_too_early_it_is_kept_as_a_sign_of_life(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=600, kind=TimerKind.Arrival)

    answer = client.post(f"{path_of(timer)}/check-in", follow=True)

    assert "Signe de vie noté" in text_of_page(answer)
    assert "Encore 10 h" in text_of_page(answer)
    assert CheckInTimer.objects.get().state == TimerState.Armed


def test_it_extends_without_pin_before_it_is_due(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=12)

    answer = client.post(f"{path_of(timer)}/extend", {"minutes": "15"}, follow=True)

    assert "Encore 27 min" in text_of_page(answer)


def test_beyond_half_an_hour_it_asks_for_the_pin(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=12)
    client.post(f"{path_of(timer)}/extend", {"minutes": "30"})

    refused = client.post(f"{path_of(timer)}/extend", {"minutes": "15"})
    allowed = client.post(f"{path_of(timer)}/extend", {"minutes": "15", "pin": PIN}, follow=True)

    assert refused.status_code == 422
    assert "Entrez votre code" in text_of_page(refused)
    assert "Encore 57 min" in text_of_page(allowed)


def test_extended_when_overdue_it_leads_to_the_timer_that_took_over(
    client: Client, now: datetime
) -> None:
    meetup = MeetupFactory.create(state=MeetupState.Overdue, starts_at=now - 120 * MINUTE)
    timer = make_timer(now, due_in=-3, meetup=meetup, state=TimerState.Overdue)

    answer = client.post(f"{path_of(timer)}/extend", {"minutes": "15", "pin": PIN})

    assert answer.status_code == 303
    assert answer.headers["Location"] != path_of(timer)
    assert "Encore 15 min" in text_of_page(client.get(answer.headers["Location"]))


def test_overdue_it_says_until_when_to_confirm(client: Client, now: datetime) -> None:
    meetup = MeetupFactory.create(state=MeetupState.Overdue)
    text = text_of_page(
        client.get(path_of(make_timer(now, due_in=-3, meetup=meetup, state=TimerState.Overdue)))
    )

    assert "Minuteur terminé" in text
    assert "il y a 3 min" in text
    assert "À valider avant" in text


def test_once_missed_it_still_takes_the_pin_but_not_an_extension(
    client: Client, now: datetime
) -> None:
    meetup = MeetupFactory.create(state=MeetupState.Alerting)
    timer = make_timer(
        now, due_in=-15, meetup=meetup, state=TimerState.Missed, closed_at=now, next_action_at=None
    )

    text = text_of_page(client.get(path_of(timer)))

    assert "À valider maintenant." in text
    assert "+15" not in text


def test_an_unknown_link_is_the_neutral_page(client: Client) -> None:
    for path in ("/t/abcdefgh23456789", "/t/abcdefgh23456789/check-in"):
        answer = client.get(path)

        assert answer.status_code == 404
        assert "112" in text_of_page(answer)


def test_a_form_without_the_browsers_token_is_refused(now: datetime) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(f"{path_of(make_timer(now, due_in=5))}/check-in", {"pin": PIN})

    assert answer.status_code == 403
    assert "Rouvrir la page" in text_of_page(answer)
    assert Meetup.objects.get().state == MeetupState.Active


def test_reading_changes_nothing(client: Client, now: datetime) -> None:
    timer = make_timer(now, due_in=5)

    for action in ("", "/check-in", "/extend"):
        client.get(f"{path_of(timer)}{action}")

    assert CheckInTimer.objects.get().due_at == timer.due_at
    assert CheckInTimer.objects.get().state == TimerState.Armed


def test_it_takes_three_queries_and_the_clock(
    client: Client, now: datetime, django_assert_max_num_queries: object
) -> None:
    path = path_of(make_timer(now, due_in=5))

    with django_assert_max_num_queries(5):  # type: ignore[operator]
        client.get(path)
