"""The story: one missed check-in, from sign-in to all-clear."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from tools.demo.contact import Contact
from tools.demo.expectations import expect
from tools.demo.owner import DUE_IN_SECONDS, PLACE, STRANGER
from tools.demo.stage import Stage
from tools.demo.wording import Kind

Scene = Callable[[Stage], Awaitable[None]]

SOON = 10.0  # seconds within which a text has to arrive
SIGNS_OF_LIFE = 4
BETWEEN_SIGNS = 3.0  # seconds; four of them pass two repeats of the plan, at 6 and at 12 s
UNDER_WAY = 1.0  # seconds in which a text that had left already may still arrive
AFTERMATH = 3.0  # seconds


async def ana_signs_in(stage: Stage) -> None:
    """Need nothing but a phone."""
    await stage.ana.sign_in()
    stage.terminal.note("Ana types the code and is signed in")


async def ana_sets_two_pins(stage: Stage) -> None:
    """Choose one PIN that ends an alert, and one that only looks as if it did."""
    await stage.ana.set_pins()
    stage.terminal.note("a PIN, and one for being forced to enter it")


async def ana_names_two_contacts(stage: Stage) -> None:
    """Invite two people, who count only once they have agreed and proved their numbers."""
    for contact in stage.contacts:
        await stage.ana.name_contact(contact)
    stage.terminal.note("Mia and Léo are invited, and count for nothing yet")


async def mia_accepts(stage: Stage) -> None:
    """Accept what comes from Ana's own phone, and let the others see her first name."""
    message = await stage.ana.share_invitation(stage.mia)
    stage.terminal.note(f"Ana to Mia, from her own phone: {message}")
    await stage.mia.open(message.split()[-1])
    await accept_and_prove(stage, stage.mia, shows_name="on")


async def leo_accepts(stage: Stage) -> None:
    """Accept what the service sends."""
    await stage.ana.have_invitation_sent(stage.leo)
    invitation = await stage.leo.phone.read(Kind.Invitation, within=SOON)
    await stage.leo.open(invitation.link)
    await accept_and_prove(stage, stage.leo)


async def accept_and_prove(stage: Stage, contact: Contact, **preferences: str) -> None:
    """Say yes on one page, and prove the number on another, known from a text alone."""
    contact.expect_words("Ana")
    await contact.press("accept")
    await contact.press("preferences", **preferences)
    proof = await contact.phone.read(Kind.Proof, within=SOON)
    await stage.ana.expect_state(contact, "accepted")
    await contact.open(proof.link)
    await contact.press("received")
    await stage.ana.expect_state(contact, "confirmed")
    stage.terminal.note(f"{contact.name} has agreed, and the number is theirs")


async def ana_plans_a_meetup(stage: Stage) -> None:
    """Get a receipt that says until when, and how many will be told."""
    receipt = await stage.ana.plan_meetup()
    told = receipt["reachable_contacts"]
    due_at, alert_at = stage.ana.due_at, stage.ana.alert_at
    stage.terminal.note(
        f"receipt: check in by {due_at:%H:%M:%S}, else {told} contacts are told at"
        f" {alert_at:%H:%M:%S} UTC; {PLACE['label']}, with {STRANGER['name']}"
    )


async def ana_is_reminded(stage: Stage) -> None:
    """Leave a reminder unanswered; its words tell an onlooker nothing."""
    reminder = await stage.ana.phone.read(Kind.Reminder, within=DUE_IN_SECONDS + SOON)
    expect("/t/" in reminder.link, "a link to the timer page", seen=reminder.link)
    stage.terminal.note("Ana does not answer")


async def both_are_told(stage: Stage) -> None:
    """Alert both contacts once the grace period is over, and not before."""
    alerts = [await contact.phone.read(Kind.Alert, within=SOON) for contact in stage.contacts]
    for contact, alert in zip(stage.contacts, alerts, strict=True):
        contact.keep_alert_link(alert.link)
    late = max((alert.at - stage.ana.alert_at).total_seconds() for alert in alerts)
    first = min((alert.at - stage.ana.alert_at).total_seconds() for alert in alerts)
    stage.terminal.note(
        f"the first alert left {first:.2f} s after the grace period ended, the last {late:.2f} s"
    )
    expect(first >= 0, "no alert before the grace period ends", seen=f"{-first:.2f} s before")


async def nobody_answers(stage: Stage) -> None:
    """Ask both again, as nobody has said anything."""
    for contact in stage.contacts:
        await contact.phone.read(Kind.Repeat, within=SOON)


async def mia_is_on_it(stage: Stage) -> None:
    """Read nothing personal before asking for it, then what Ana chose to show her, and act."""
    mia = stage.mia
    await mia.open_alert()
    mia.expect_no_words(PLACE["address"], STRANGER["name"])
    await mia.press("reveal")
    mia.expect_words(PLACE["address"], PLACE["access"], STRANGER["name"])
    mia.expect_no_words(STRANGER["platform"])
    stage.terminal.note(f"Mia reads where Ana is: {PLACE['address']}, {PLACE['access']}")
    stage.terminal.note('Mia presses "I\'m on it"')
    await mia.press("acknowledge")
    mia.expect_choice("update")


async def leo_learns_of_it(stage: Stage) -> None:
    """Read it in a text, and on the page."""
    text = await stage.leo.phone.read(Kind.SomebodyActs, within=SOON)
    expect("Mia" in text.body, "Mia's first name, which she allowed", seen=text.body)
    await stage.leo.open_alert()
    stage.leo.expect_words("s'en occupe")


async def the_escalation_stops(stage: Stage) -> None:
    """Ask nobody again while Mia gives signs of life, though two repeats fall due."""
    acknowledged_at = monotonic()
    for _ in range(SIGNS_OF_LIFE):
        await asyncio.sleep(BETWEEN_SIGNS)
        await stage.mia.press("update")
        stage.mia.expect_choice("update")
        expect_silence(stage, since=acknowledged_at + UNDER_WAY)
        stage.terminal.note('Mia: "I\'m still on it"; nobody gets a text')


async def ana_is_back(stage: Stage) -> None:
    """End the incident and the evening with the PIN."""
    incident = await stage.ana.find_incident()
    expect(incident["state"] == "acknowledged", "somebody on it", seen=incident["state"])
    stage.terminal.note("Ana enters her PIN")
    resolved = await stage.ana.resolve()
    expect(resolved["state"] == "resolved", "a resolved incident", seen=resolved["state"])


async def all_get_the_all_clear(stage: Stage) -> None:
    """Tell both once and nothing after it; their pages have let go of the details."""
    for contact in stage.contacts:
        await contact.phone.read(Kind.AllClear, within=SOON)
    all_clear_at = monotonic()
    await asyncio.sleep(AFTERMATH)
    expect_silence(stage, since=all_clear_at)
    for contact in stage.contacts:
        await contact.open_alert()
        contact.expect_no_words(PLACE["address"], STRANGER["name"])
        contact.expect_choice("doubt")


async def ana_sees_who_did_what(stage: Stage) -> None:
    """Find every message, the look and the act in the record."""
    ana, mia = stage.ana, stage.ana.contact_id(stage.mia)
    meetup = await ana.see_meetup()
    expect(meetup["state"] == "ended", "a meetup that has ended", seen=meetup["state"])
    expect(meetup["outcome"] == "resolved_by_owner", "her own end of it", seen=meetup["outcome"])
    incident = await ana.see_incident()
    for what in ("views", "acknowledgements"):
        seen = [entry["contact_id"] for entry in incident[what]]
        expect(seen == [mia], f"Mia alone in {what}", seen=seen)
    results = [message["result"] for message in incident["told"]]
    expect(set(results) == {"delivered"}, "every message delivered", seen=results)
    stage.terminal.note(f"{len(results)} messages delivered, seen by Mia, who was on it")


def expect_silence(stage: Stage, *, since: float) -> None:
    """Raise StepMissing when a contact got a text after an instant of the machine's clock."""
    late = [
        text
        for contact in stage.contacts
        for text in contact.phone.unread
        if text.monotonic > since
    ]
    expect(not late, "no more texts to the contacts", seen=[text.body for text in late])


SCENES: dict[str, Scene] = {
    "Ana signs in by a code that comes to her phone": ana_signs_in,
    "Ana sets two PINs": ana_sets_two_pins,
    "Ana names two trusted contacts": ana_names_two_contacts,
    "Mia accepts, and proves her number": mia_accepts,
    "Léo accepts, and proves his number": leo_accepts,
    "Ana plans a meetup with a check-in": ana_plans_a_meetup,
    "Ana does not check in, and is reminded": ana_is_reminded,
    "Her contacts are told": both_are_told,
    "Nobody answers: they are told again": nobody_answers,
    "Mia opens the page, looks, and says that she is on it": mia_is_on_it,
    "Léo learns that somebody acts": leo_learns_of_it,
    "The escalation stops": the_escalation_stops,
    "Ana is back, and resolves it with her PIN": ana_is_back,
    "All get the all-clear, once": all_get_the_all_clear,
    "Ana sees who was told, who looked, who acted": ana_sees_who_did_what,
}
