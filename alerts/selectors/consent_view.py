"""What a contact's links show: little by an invitation, their own data by a proof."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.domain.contacts import ContactProfile
from alerts.domain.phone_numbers import mask
from alerts.domain.states import ContactState
from alerts.models import Contact
from alerts.sealing.tokens import LinkPurpose
from alerts.selectors.contacts import open_profile
from alerts.selectors.links import find_link_subject


@dataclass(frozen=True, slots=True, repr=False)
class ConsentView:
    """A contact as one of their links shows them; without contact once they erased their data."""

    purpose: LinkPurpose
    contact_id: UUID
    contact: Contact | None
    profile: ContactProfile | None

    @property
    def is_invitation(self) -> bool:
        """Whether this link proves nothing: it may have been forwarded."""
        return self.purpose is LinkPurpose.Invitation

    @property
    def state(self) -> ContactState | None:
        """Where the contact stands, None once erased."""
        return ContactState(self.contact.state) if self.contact else None

    @property
    def masked_phone(self) -> str:
        """The contact's number, hidden but for its end."""
        return mask(self.profile.phone) if self.profile else ""


def view_consent(token: str, *, now: datetime) -> ConsentView | None:
    """Return what a valid link of either kind shows; None for any other. Raises CannotOpen."""
    for purpose in (LinkPurpose.Invitation, LinkPurpose.Contact):
        contact_id = find_link_subject(purpose, token, now=now)
        if contact_id is not None:
            return _view(purpose, contact_id)
    return None


def _view(purpose: LinkPurpose, contact_id: UUID) -> ConsentView:
    contact = Contact.objects.select_related("data_key").filter(pk=contact_id).first()
    profile = open_profile(contact) if contact else None
    return ConsentView(purpose, contact_id, contact, profile)
