"""The only clock: the database's. Entry points read it once and pass it down."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """Return the database's present instant, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]
