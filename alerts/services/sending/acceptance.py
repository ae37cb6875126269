"""What it means that a provider has taken a message."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from alerts.domain.states import Purpose
from alerts.models import Delivery, Incident, Responder, SignInCode

TELLING_PURPOSES = frozenset({Purpose.Alert, Purpose.Repeat})


def hold_incidents(deliveries: Iterable[Delivery]) -> None:
    """Lock the incidents of these deliveries, in one order, before anything of theirs is written.

    Whoever answers on an alert page locks the incident and then the person: so does who settles.
    """
    incidents = {row.incident_id for row in deliveries if row.incident_id}
    if incidents:
        held = Incident.objects.filter(pk__in=incidents).order_by("pk")
        list(held.select_for_update(no_key=True).values_list("pk", flat=True))


def note_acceptances(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Note who has been told, and forget the digits of codes that have left."""
    deliveries = list(deliveries)
    telling = [row for row in deliveries if row.responder_id and row.purpose in TELLING_PURPOSES]
    if telling:
        _note_told(telling, now=now)
    codes = sorted({row.sign_in_code_id for row in deliveries if row.sign_in_code_id})
    if codes:
        SignInCode.objects.filter(pk__in=codes).update(sealed_digits=None)


def _note_told(telling: list[Delivery], *, now: datetime) -> None:
    """Write when incidents and people were first told; several senders may do so at once."""
    incidents = {row.incident_id for row in telling if row.incident_id}
    responders = {row.responder_id for row in telling if row.responder_id}
    for rows, column in (
        (Incident.objects.filter(pk__in=incidents, first_accepted_at=None), "first_accepted_at"),
        (Responder.objects.filter(pk__in=responders, told_at=None), "told_at"),
    ):
        in_order = rows.order_by("pk").select_for_update(no_key=True)
        if locked := list(in_order.values_list("pk", flat=True)):
            rows.model.objects.filter(pk__in=locked).update(**{column: now})


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
