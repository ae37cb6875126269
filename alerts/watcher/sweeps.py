"""Every sweep, in the order of urgency."""

from alerts.services.contacts.invitations import run_due_invitations
from alerts.services.housekeeping import forget_past
from alerts.services.incidents.escalation import run_due_steps
from alerts.services.incidents.verdicts import run_due_entries
from alerts.services.meetups.meetups import start_due_meetups
from alerts.services.meetups.overdue import advance_due_timers
from alerts.watcher.sweeper import Sweep

SWEEPS = (
    Sweep("PIN entries", run_due_entries, limit=100),
    Sweep("timers", advance_due_timers, limit=200),
    Sweep("incidents", run_due_steps, limit=200),
    Sweep("meetups", start_due_meetups, limit=200),
    Sweep("invitations", run_due_invitations, limit=100),
    Sweep("what is past", forget_past, limit=1000),
)
