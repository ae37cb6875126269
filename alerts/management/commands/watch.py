"""`manage.py watch`: carries out what is due and sends it. Any number of copies may run."""

from typing import Any

from django.core.management.base import BaseCommand

from alerts.watcher.process import EMAIL_LANE, PHONE_LANE, Watcher
from alerts.watcher.sweeps import SWEEPS


class Command(BaseCommand):
    """Watches timers and incidents, and sends every message, until told to stop."""

    help = "Carry out what is due and send what is queued, until SIGTERM."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401
        """Watch until SIGTERM or SIGINT."""
        Watcher(SWEEPS, [PHONE_LANE, EMAIL_LANE]).run()
