"""`manage.py audit`: looks every minute whether others carry out what is due."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError

from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.delivery.heartbeat import ping
from alerts.selectors.health import list_findings
from alerts.services.audit import report_findings
from alerts.watcher.database import forget_connection

logger = logging.getLogger(__name__)

EVERY = 60.0  # seconds


class Command(BaseCommand):
    """Audits, and pings HEARTBEAT_URL only while nothing is wrong."""

    help = "Look every minute for what is late or forgotten; ping the monitor if there is nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --once, for a look by hand or a cron job."""
        parser.add_argument("--once", action="store_true", help="look once; exit 1 on findings")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401
        """Audit until SIGTERM, or once."""
        if options["once"]:
            raise SystemExit(0 if audit() else 1)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            audit()
            stop.wait(EVERY)


def audit() -> bool:
    """Look once and report; return whether nothing was found."""
    try:
        now = database_now()
        findings = list_findings(now=now)
        report_findings(findings, now=now)
    except (OperationalError, InterfaceError) as error:
        forget_connection()
        logger.error("audit: the database is away (%s)", type(error).__name__)  # noqa: TRY400
        return False
    url = alerts_settings().heartbeat_url
    if not findings and url:
        ping(url)
    return not findings
