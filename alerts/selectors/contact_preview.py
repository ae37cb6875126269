"""What a contact would get, shown to the owner beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.conf import alerts_settings
from alerts.domain.contacts import ContactProfile
from alerts.domain.disclosure import Field, visible_fields
from alerts.domain.emergency import emergency_text
from alerts.domain.states import Trigger
from alerts.domain.texts import TextId, TextValues, render_sms
from alerts.models import Contact, User
from alerts.selectors.contacts import read_profile

SHOWN_TRIGGERS: Mapping[Trigger, TextId] = {
    Trigger.MissedCheckIn: TextId.AlertFirst,
    Trigger.Sos: TextId.AlertSos,
}
EXAMPLE_TIMES: Mapping[str, str] = {"fr": "22h30", "en": "22:30"}
UNKNOWN_TOKEN = "…"  # noqa: S105 - the place of one


@dataclass(frozen=True, slots=True, repr=False)
class AlertPreview:
    """One kind of alert as a contact would get it; the trust word is theirs alone."""

    trigger: Trigger
    text: str
    fields: list[str]


def preview_contact(*, owner: User, contact: Contact) -> list[AlertPreview]:
    """Return what the contact would read if nothing of the contact changed, or raise NotFound."""
    profile = read_profile(contact)
    return [
        AlertPreview(
            trigger=trigger,
            text=_text(text_id, owner=owner, contact=contact, profile=profile),
            fields=_fields(trigger, owner=owner, contact=contact),
        )
        for trigger, text_id in SHOWN_TRIGGERS.items()
    ]


def _text(text_id: TextId, *, owner: User, contact: Contact, profile: ContactProfile) -> str:
    values = TextValues(
        owner=profile.owner_alias,
        time=EXAMPLE_TIMES[contact.language],
        emergency=emergency_text(owner.country, contact.country, contact.language, has_link=True),
        link=f"{alerts_settings().public_url}/a/{UNKNOWN_TOKEN}",
    )
    return render_sms(text_id, contact.language, values)


def _fields(trigger: Trigger, *, owner: User, contact: Contact) -> list[str]:
    shown = visible_fields(
        level=contact.disclosure_level,
        trigger=trigger,
        gives_place=owner.sos_gives_place,
        is_confirmed=True,
    )
    hidden = set() if contact.shows_owner_phone else {Field.OwnerPhone}
    return sorted(str(field) for field in shown - hidden)
