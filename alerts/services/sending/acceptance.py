"""What it means that a provider has taken a message."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from alerts.domain.states import Purpose
from alerts.models import Delivery, Incident, Responder, SignInCode

TELLING_PURPOSES = frozenset({Purpose.Alert, Purpose.Repeat})


def note_acceptances(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Note who has been told, and forget the digits of codes that have left."""
    deliveries = list(deliveries)
    telling = [row for row in deliveries if row.responder_id and row.purpose in TELLING_PURPOSES]
    incidents = sorted({row.incident_id for row in telling if row.incident_id})
    if incidents:
        Incident.objects.filter(pk__in=incidents, first_accepted_at=None).update(
            first_accepted_at=now
        )
    responders = sorted({row.responder_id for row in telling if row.responder_id})
    if responders:
        Responder.objects.filter(pk__in=responders, told_at=None).update(told_at=now)
    codes = sorted({row.sign_in_code_id for row in deliveries if row.sign_in_code_id})
    if codes:
        SignInCode.objects.filter(pk__in=codes).update(sealed_digits=None)


def taken_references(deliveries: Iterable[Delivery]) -> frozenset[str]:
    """Return the references that other deliveries to the same people already stand for."""
    deliveries = list(deliveries)
    if not deliveries:
        return frozenset()
    same_people = (
        Q(recipient_index__in=[bytes(d.recipient_index) for d in deliveries if d.recipient_index])
        | Q(responder_id__in=[d.responder_id for d in deliveries if d.responder_id])
        | Q(contact_id__in=[d.contact_id for d in deliveries if d.contact_id])
        | Q(user_id__in=[d.user_id for d in deliveries if d.user_id])
        | Q(sign_in_code_id__in=[d.sign_in_code_id for d in deliveries if d.sign_in_code_id])
    )
    found = Delivery.objects.filter(same_people).exclude(provider_reference="")
    return frozenset(found.values_list("provider_reference", flat=True))
