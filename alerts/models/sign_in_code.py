"""What proves a number, or stands in for it."""

from django.conf import settings
from django.db import models

from alerts.models.fields import random_id
from alerts.models.sealed import data_key_field, sealed_field


class SignInCode(models.Model):
    """A code sent to a phone: five guesses, one use, ten minutes.

    `sealed_destination`: phone, country, language. `sealed_digits`: erased once sent.
    """

    id = random_id()
    phone_index = models.BinaryField()
    data_key = data_key_field()
    sealed_destination = sealed_field()
    sealed_digits = sealed_field()
    code_mac = models.BinaryField()
    guesses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One of ten codes that sign in from another phone, once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    code_mac = models.BinaryField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
