"""What happens when nobody is on it any more."""

from datetime import datetime

from alerts.conf import alerts_settings
from alerts.domain.escalation import next_future_step, thaw_plan
from alerts.domain.events import EventKind
from alerts.domain.states import (
    INCIDENT_MOVES,
    AcknowledgementEnd,
    IncidentState,
    Purpose,
    Trigger,
    ensure_move,
)
from alerts.domain.texts import TextId
from alerts.models import Acknowledgement, Incident
from alerts.services.incidents.tell import tell_everyone_told
from alerts.services.timeline import event, record_events


def end_lapsed_acknowledgements(incident: Incident, *, now: datetime) -> None:
    """End what was not renewed in time; open the incident again when nobody is left on it."""
    if incident.state != IncidentState.Acknowledged:
        return
    lapsed = list(Acknowledgement.objects.lapsed(now).filter(incident=incident))
    if lapsed:
        Acknowledgement.objects.filter(pk__in=[a.pk for a in lapsed]).update(
            ended_at=now, end_reason=AcknowledgementEnd.Lapsed
        )
        record_events(
            [
                event(
                    EventKind.AcknowledgementEnded,
                    now=now,
                    incident=incident,
                    responder_id=a.responder_id,
                    data={"reason": AcknowledgementEnd.Lapsed},
                )
                for a in lapsed
            ]
        )
    reopen_if_nobody_acts(incident, now=now)


def reopen_if_nobody_acts(incident: Incident, *, now: datetime) -> None:
    """Open an acknowledged incident without a live acknowledgement; all told get one text."""
    if incident.state != IncidentState.Acknowledged:
        return
    if Acknowledgement.objects.live().filter(incident=incident).exists():
        return
    ensure_move(INCIDENT_MOVES, IncidentState(incident.state), IncidentState.Open)
    incident.state = IncidentState.Open
    incident.next_step = next_future_step(
        thaw_plan(incident.plan),
        incident.next_step,
        elapsed=(now - incident.plan_started_at).total_seconds(),
        scale=alerts_settings().escalation_scale,
    )
    is_urgent = Trigger(incident.trigger).is_urgent
    tell_everyone_told(
        incident,
        TextId.SosRepeat if is_urgent else TextId.AcknowledgementEnded,
        reason=f"lapse:{now.isoformat()}",
        purpose=Purpose.Alert,
        now=now,
    )
