"""Column types that several tables share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models

if TYPE_CHECKING:
    from enum import StrEnum


def state_column(states: type[StrEnum], **options: Any) -> models.CharField[Any, Any]:  # noqa: ANN401
    """Return a column that holds one value of the enumeration."""
    choices = [(member.value, member.value) for member in states]
    return models.CharField(max_length=24, choices=choices, **options)


def only_values_of(states: type[StrEnum], column: str, name: str) -> models.CheckConstraint:
    """Return the constraint by which the database refuses any other value."""
    values = [member.value for member in states]
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": values}), name=name)


def remembered(model: str | type[models.Model], **options: Any) -> models.ForeignKey[Any, Any]:  # noqa: ANN401
    """Return a reference that keeps its id when the row it names is deleted."""
    return models.ForeignKey(
        model, null=True, on_delete=models.DO_NOTHING, db_constraint=False, **options
    )


def random_id() -> models.UUIDField[Any, Any]:
    """Return a primary key that tells neither order nor time."""
    return models.UUIDField(primary_key=True, default=uuid4, editable=False)
