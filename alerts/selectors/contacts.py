"""Reading trusted contacts."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from alerts.domain.contacts import (
    ANSWERABLE_STATES,
    ENDED_STATES,
    UNCONFIRMED_REASONS,
    ContactProfile,
)
from alerts.domain.errors import NotFound
from alerts.domain.states import ContactState
from alerts.domain.texts import TextId, TextValues, render_sms
from alerts.models import Contact, Refusal, User
from alerts.models.sealed import open_column
from alerts.sealing.keys import CannotOpen
from alerts.sealing.tokens import LinkPurpose, derive_token, link_url


@dataclass(frozen=True, slots=True, repr=False)
class ContactView:
    """A contact as its owner is shown it; without profile when it cannot be opened."""

    contact: Contact
    profile: ContactProfile | None

    @property
    def invite_url(self) -> str | None:
        """The address to invite with, while there is something to answer."""
        if self.contact.state not in ANSWERABLE_STATES:
            return None
        return invitation_url(self.contact)

    @property
    def share_text(self) -> str | None:
        """The words to send from the owner's own phone, while nobody has answered."""
        if self.contact.state != ContactState.Invited or self.profile is None:
            return None
        values = TextValues(contact=self.profile.name, link=invitation_url(self.contact))
        return render_sms(TextId.InviteFromOwnPhone, self.contact.language, values)

    @property
    def unconfirmed_reason(self) -> str | None:
        """Why this contact cannot be counted on, as a stable code; None when confirmed."""
        return UNCONFIRMED_REASONS.get(ContactState(self.contact.state))


def contacts_of(owner: User) -> QuerySet[Contact]:
    """Return the owner's contacts, with what opens them at hand."""
    return Contact.objects.filter(owner=owner).select_related("data_key")


def get_contact(*, owner: User, contact_id: UUID) -> Contact:
    """Return one of the owner's contacts with its data key, or raise NotFound."""
    contact = contacts_of(owner).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    return contact


def view_contact(contact: Contact) -> ContactView:
    """Return what its owner is shown of a contact, even where its key is lost."""
    try:
        return ContactView(contact, open_profile(contact))
    except CannotOpen:
        return ContactView(contact, None)


def open_profile(contact: Contact) -> ContactProfile:
    """Return what is sealed of a contact, or raise CannotOpen."""
    return ContactProfile.from_document(
        open_column(contact, "sealed_profile", key=contact.data_key)
    )


def read_profile(contact: Contact) -> ContactProfile:
    """Return what is sealed of a contact for its owner, or raise NotFound when it is lost."""
    try:
        return open_profile(contact)
    except CannotOpen as error:
        raise NotFound("What was kept of this contact cannot be read any more.") from error


def invitation_url(contact: Contact) -> str:
    """Return the address of the page to accept or refuse on; it proves no number."""
    return link_url(LinkPurpose.Invitation, current_token(LinkPurpose.Invitation, contact))


def proof_url(contact: Contact) -> str:
    """Return the address that only a text to the stored number may hold."""
    return link_url(LinkPurpose.Contact, current_token(LinkPurpose.Contact, contact))


def current_token(purpose: LinkPurpose, contact: Contact) -> str:
    """Return the token of a contact's link that is valid now."""
    is_invitation = purpose is LinkPurpose.Invitation
    version = contact.invitation_version if is_invitation else contact.proof_version
    return derive_token(purpose, str(contact.pk), version)


def has_refused(*, owner_id: UUID, phone_index: bytes) -> bool:
    """Return whether the person with this number has said no to this owner, once and for all."""
    is_on_record = Refusal.objects.filter(owner_id=owner_id, phone_index=phone_index).exists()
    return (
        is_on_record
        or Contact.objects.filter(
            owner_id=owner_id, phone_index=phone_index, state__in=ENDED_STATES
        ).exists()
    )
