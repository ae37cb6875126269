"""The second net: what the auditor finds is told to the operator, as codes and counts."""

import logging
from collections.abc import Sequence
from datetime import datetime

from alerts.selectors.health import Finding
from alerts.services.sending.trouble import report_trouble

logger = logging.getLogger(__name__)


def report_findings(findings: Sequence[Finding], *, now: datetime) -> None:
    """Log every finding and queue a notice to the operator, one for each code in five minutes."""
    for finding in findings:
        logger.error("audit: %s (%s)", finding.code, finding.count)
    report_trouble((finding.code for finding in findings), now=now)
