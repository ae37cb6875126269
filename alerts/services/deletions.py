"""Deleting rows while others may be adding to them."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.db import IntegrityError, OperationalError, connection
from psycopg.errors import DeadlockDetected

logger = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")
TRIES = 5


def begun_again(delete: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Return a deletion, one transaction, that begins again when somebody came in between.

    A receipt or a position can be stored after the rows that hang on the deleted one were looked
    up: the commit is refused then (IntegrityError), and the next try finds them too. Within a
    transaction of the caller, and after five tries, the error is raised.
    """

    @wraps(delete)
    def deletion(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        for _ in range(TRIES - 1):
            try:
                return delete(*args, **kwargs)
            except (IntegrityError, OperationalError) as error:
                if connection.in_atomic_block or not _came_in_between(error):
                    raise
                logger.info("a deletion begins again")
        return delete(*args, **kwargs)

    return deletion


def _came_in_between(error: IntegrityError | OperationalError) -> bool:
    return isinstance(error, IntegrityError) or isinstance(error.__cause__, DeadlockDetected)
