"""First answers, kept for repeats."""

from django.db import models

from alerts.models.fields import random_id
from alerts.models.sealed import data_key_field, sealed_field


class IdempotencyKey(models.Model):
    """A request that was made under a key, and its sealed answer (`status`, `body`, `headers`)."""

    id = random_id()
    key_digest = models.BinaryField(unique=True)
    request_digest = models.BinaryField()
    data_key = data_key_field()
    sealed_answer = sealed_field()
    created_at = models.DateTimeField(db_index=True)
