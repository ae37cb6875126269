"""The JSON shapes of trusted contacts."""

from typing import Any

from rest_framework import serializers

from alerts.api.base import StrictSerializer
from alerts.api.meetup_shapes import PinField
from alerts.domain.contacts import LONGEST_NAME
from alerts.domain.languages import Language
from alerts.domain.states import ContactState, Trigger
from alerts.models import Contact
from alerts.selectors.contacts import view_contact

LONGEST_EMAIL = 254
LONGEST_PHONE = 40
SEALED = ("name", "phone", "email", "owner_alias")
DERIVED = ("unconfirmed_reason", "invite_url", "share_text")
LANGUAGES = [language.value for language in Language]
VIA_SERVICE = "service"
VIA_OWN_PHONE = "own_phone"


class ContactIn(StrictSerializer):
    """Somebody to be told; without `owner_alias` they know the owner by the display name."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    phone = serializers.CharField(max_length=LONGEST_PHONE)
    email = serializers.EmailField(
        max_length=LONGEST_EMAIL, required=False, allow_null=True, allow_blank=True
    )
    language = serializers.ChoiceField(LANGUAGES, required=False)
    circle = serializers.IntegerField(min_value=1, max_value=2, required=False)
    disclosure_level = serializers.IntegerField(min_value=0, max_value=3, required=False)
    owner_alias = serializers.CharField(max_length=LONGEST_NAME, required=False)
    shows_owner_phone = serializers.BooleanField(required=False)


class ContactChangesIn(ContactIn):
    """What is to be different; what weakens protection takes the PIN while a meetup is on."""

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    phone = serializers.CharField(max_length=LONGEST_PHONE, required=False)
    pin = PinField()


class InviteIn(StrictSerializer):
    """How the invitation travels: by our text, or opened again for the owner's own phone."""

    via = serializers.ChoiceField([VIA_SERVICE, VIA_OWN_PHONE], default=VIA_SERVICE)


class ContactOut(serializers.Serializer[Any]):
    """A contact; names and number are null when they cannot be read any more."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    email = serializers.EmailField(allow_null=True)
    language = serializers.ChoiceField(LANGUAGES)
    country = serializers.CharField()
    circle = serializers.IntegerField()
    disclosure_level = serializers.IntegerField()
    owner_alias = serializers.CharField(allow_null=True)
    shows_owner_phone = serializers.BooleanField()
    state = serializers.ChoiceField([state.value for state in ContactState])
    unconfirmed_reason = serializers.CharField(allow_null=True)
    invite_url = serializers.URLField(allow_null=True)
    share_text = serializers.CharField(allow_null=True)
    invited_by_service_at = serializers.DateTimeField(allow_null=True)
    lapses_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Contact) -> dict[str, Any]:
        """Return the contact as its owner is shown it."""
        view = view_contact(instance)
        document = {name: getattr(view.profile, name, None) for name in SEALED}
        document |= {name: getattr(view, name) for name in DERIVED}
        document |= {name: getattr(instance, name) for name in self.fields.keys() - document.keys()}
        return super().to_representation(document)


class ContactPageOut(serializers.Serializer[Any]):
    """A page of contacts, the latest first."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ContactOut(many=True)


class AlertPreviewOut(serializers.Serializer[Any]):
    """One kind of alert: the text without trust word, and what the page behind it would show."""

    trigger = serializers.ChoiceField([Trigger.MissedCheckIn.value, Trigger.Sos.value])
    text = serializers.CharField()
    fields_shown = serializers.ListField(child=serializers.CharField(), source="fields")


class PreviewOut(serializers.Serializer[Any]):
    """What a contact would get."""

    alerts = AlertPreviewOut(many=True)
