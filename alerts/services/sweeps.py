"""Sweeps: rows in batches for speed, one by one when a batch fails; nothing is ever skipped."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

CarryOut = Callable[[Any], int]
Degrade = Callable[[Any], None]


def sweep(due: QuerySet[Any, Any], *, limit: int, carry_out: CarryOut, degrade: Degrade) -> int:
    """Carry out up to `limit` due rows; return how many.

    `carry_out` gets a queryset, locks what is free of it and handles it in one transaction.
    `degrade` gets the key of a row that cannot be handled, and must not leave it as it is.
    """
    try:
        return carry_out(due[:limit])
    except (OperationalError, InterfaceError):
        raise  # the database, not a row: the watcher waits for it
    except Exception:
        logger.exception("a batch failed; going row by row")
    return sum(
        _carry_out_one(due, pk, carry_out=carry_out, degrade=degrade)
        for pk in list(due[:limit].values_list("pk", flat=True))
    )


def _carry_out_one(
    due: QuerySet[Any, Any], pk: object, *, carry_out: CarryOut, degrade: Degrade
) -> int:
    try:
        return carry_out(due.filter(pk=pk))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("row %s cannot be handled as it should be", pk)
    degrade(pk)
    return 1
