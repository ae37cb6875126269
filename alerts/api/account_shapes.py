"""The JSON shapes of codes, sessions and the owner's own account."""

from typing import Any

from rest_framework import serializers

from alerts.api.base import StrictSerializer
from alerts.api.meetup_shapes import PinField
from alerts.domain.languages import Language

LONGEST_PHONE = 40
LONGEST_NAME = 40
LONGEST_DEVICE = 60
LONGEST_CODE = 40
MOST_HOURS = 72
LANGUAGES = [language.value for language in Language]


class CodeRequestIn(StrictSerializer):
    """The number to send a sign-in code to."""

    phone = serializers.CharField(max_length=LONGEST_PHONE)


class CodeRequestOut(serializers.Serializer[Any]):
    """Where to use the code; the same for every number."""

    id = serializers.UUIDField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class SessionIn(StrictSerializer):
    """A sign-in: `id` and `code`, or `phone` and `recovery_code`."""

    id = serializers.UUIDField(required=False)
    code = serializers.CharField(max_length=LONGEST_CODE, required=False)
    phone = serializers.CharField(max_length=LONGEST_PHONE, required=False)
    recovery_code = serializers.CharField(max_length=LONGEST_CODE, required=False)
    device_name = serializers.CharField(
        max_length=LONGEST_DEVICE, required=False, allow_blank=True, default=""
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse anything but exactly one of the two ways."""
        given = frozenset(attrs) - {"device_name"}
        if given not in {frozenset({"id", "code"}), frozenset({"phone", "recovery_code"})}:
            message = "Give id and code, or phone and recovery_code."
            raise serializers.ValidationError(message, code="one_way_to_sign_in")
        return attrs


class SettingsOut(serializers.Serializer[Any]):
    """What the owner has chosen."""

    pin_for_every_check_in = serializers.BooleanField()
    sos_gives_place = serializers.BooleanField()
    reminder_call = serializers.BooleanField()
    positions_kept_hours = serializers.IntegerField()


class UserOut(serializers.Serializer[Any]):
    """The owner's own account."""

    id = serializers.UUIDField()
    phone = serializers.CharField(allow_null=True)
    display_name = serializers.CharField(allow_blank=True, allow_null=True)
    email = serializers.EmailField(allow_null=True)
    language = serializers.ChoiceField(LANGUAGES)
    time_zone = serializers.CharField()
    country = serializers.CharField()
    settings = SettingsOut()
    has_pins = serializers.BooleanField()
    new_pins_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    simulated = serializers.BooleanField()
    server_time = serializers.DateTimeField()


class SignedInOut(serializers.Serializer[Any]):
    """A new session; the token is shown this once."""

    token = serializers.CharField()
    user = UserOut()


class SessionOut(serializers.Serializer[Any]):
    """A signed-in device."""

    id = serializers.UUIDField()
    device_name = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(allow_null=True, help_text="To the hour.")
    is_current = serializers.BooleanField()


class SessionsOut(serializers.Serializer[Any]):
    """All signed-in devices, the latest first."""

    results = SessionOut(many=True)


class SettingsIn(StrictSerializer):
    """Settings to change."""

    pin_for_every_check_in = serializers.BooleanField(required=False)
    sos_gives_place = serializers.BooleanField(required=False)
    reminder_call = serializers.BooleanField(required=False)
    positions_kept_hours = serializers.IntegerField(
        min_value=0, max_value=MOST_HOURS, required=False
    )


class MeChangesIn(StrictSerializer):
    """What to change; a new number takes `code_id` and `code` sent to it, and a fresh sign-in."""

    display_name = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_null=True)
    language = serializers.ChoiceField(LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    country = serializers.RegexField(r"^[A-Z]{2}\Z", required=False)
    settings = SettingsIn(required=False)
    code_id = serializers.UUIDField(required=False)
    code = serializers.CharField(max_length=LONGEST_CODE, required=False)
    pin = PinField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse half of a new number."""
        if ("code_id" in attrs) != ("code" in attrs):
            message = "A new number takes code_id and code."
            raise serializers.ValidationError(message, code="code_incomplete")
        return attrs


class PinsIn(StrictSerializer):
    """The two PINs: four to six digits, the same length, different in two or more."""

    pin = PinField(required=True)
    duress_pin = PinField(required=True)
    current_pin = PinField()


class PinsPendingOut(serializers.Serializer[Any]):
    """New PINs that wait, because the current one was not given."""

    effective_at = serializers.DateTimeField()


class PinOnlyIn(StrictSerializer):
    """A call that takes the PIN."""

    pin = PinField()


class RecoveryCodesOut(serializers.Serializer[Any]):
    """Ten codes, shown once."""

    codes = serializers.ListField(child=serializers.CharField())


class ReadinessCheckOut(serializers.Serializer[Any]):
    """One thing that has to work tonight."""

    code = serializers.CharField()
    ok = serializers.BooleanField()
    detail = serializers.CharField()


class ReadinessOut(serializers.Serializer[Any]):
    """What would fail tonight."""

    ready = serializers.BooleanField()
    checks = ReadinessCheckOut(many=True)
    simulated = serializers.BooleanField()
    server_time = serializers.DateTimeField()


class ResourceOut(serializers.Serializer[Any]):
    """A help line or an emergency number."""

    code = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    hours = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    channels = serializers.DictField(child=serializers.CharField())


class ResourcesOut(serializers.Serializer[Any]):
    """Help lines and emergency numbers of a country."""

    country = serializers.CharField()
    results = ResourceOut(many=True)
