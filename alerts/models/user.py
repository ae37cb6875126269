"""The app user: a number, two PINs, a few settings."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from alerts.models.fields import random_id
from alerts.models.sealed import data_key_field, sealed_field


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox's reverse one
    """An owner of meetups and contacts. `sealed_profile`: phone, display_name, email."""

    id = random_id()
    phone_index = models.BinaryField(unique=True)
    data_key = data_key_field()
    sealed_profile = sealed_field()
    language = models.CharField(max_length=2, default="fr")
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    country = models.CharField(max_length=2, default="FR")
    pin_for_every_check_in = models.BooleanField(default=False)
    sos_gives_place = models.BooleanField(default=True)
    reminder_call = models.BooleanField(default=True)
    positions_kept_hours = models.PositiveSmallIntegerField(default=24)
    pin_hash = models.TextField(default="")
    duress_pin_hash = models.TextField(default="")
    former_pin_hash = models.TextField(default="")  # what still counts until new_pins_at
    former_duress_pin_hash = models.TextField(default="")
    new_pins_at = models.DateTimeField(null=True)
    pin_misses = models.PositiveSmallIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True)
    pin_next_entry_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    password = None  # type: ignore[assignment]
    last_login = None

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return str(self.id)
