"""The second net."""

from datetime import datetime

import pytest
from django.core.management import call_command

from alerts.domain.states import RecipientKind
from alerts.models import Delivery
from alerts.selectors.health import Finding
from alerts.services.audit import report_findings
from alerts.services.heartbeats import beat

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("operator")
def test_each_finding_is_told_once_in_five_minutes(now: datetime) -> None:
    findings = [Finding("timers_late", 3), Finding("delivery_stuck", 1)]
    for _ in range(2):
        report_findings(findings, now=now)

    notices = Delivery.objects.filter(recipient_kind=RecipientKind.Operator)
    reasons = sorted(notice.dedupe_key.split(":")[1] for notice in notices)
    assert reasons == ["delivery_stuck", "timers_late"]


def test_looking_once_says_by_its_exit_whether_all_is_well(now: datetime) -> None:
    with pytest.raises(SystemExit) as found:
        call_command("audit", "--once")
    assert found.value.code == 1

    beat(["sweep", "sender"], now=now)
    with pytest.raises(SystemExit) as fine:
        call_command("audit", "--once")
    assert fine.value.code == 0
