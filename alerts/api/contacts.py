"""Trusted contacts: add, read, change, delete, invite, test, preview."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.base import ApiView, NoBody, owner_of
from alerts.api.contact_shapes import (
    VIA_SERVICE,
    ContactChangesIn,
    ContactIn,
    ContactOut,
    ContactPageOut,
    InviteIn,
    PreviewOut,
)
from alerts.api.idempotency import idempotent
from alerts.api.pagination import PAGE_PARAMETERS, page_of
from alerts.api.schema import PIN_HEADER, problems
from alerts.clock import database_now
from alerts.domain.errors import (
    DrillNotPossible,
    DuplicateContact,
    ImpossibleMove,
    ImpossiblePhone,
    InvitationNotPossible,
    LatinFormRequired,
    NumberRefused,
    OwnNumber,
    PinLocked,
    PinRequired,
    PinsRequired,
    PinWrong,
    QuotaExceeded,
    StrangersNumber,
    TooManyContacts,
)
from alerts.selectors.contact_preview import preview_contact
from alerts.selectors.contacts import contacts_of, get_contact
from alerts.services.contacts.contacts import (
    ContactChanges,
    NewContact,
    create_contact,
    delete_contact,
    update_contact,
)
from alerts.services.contacts.invitations import invite_contact, send_drill

OF_THE_NUMBER = (
    ImpossiblePhone,
    OwnNumber,
    StrangersNumber,
    NumberRefused,
    DuplicateContact,
    LatinFormRequired,
    QuotaExceeded,
)
OF_THE_PIN = (PinRequired, PinWrong, PinLocked, PinsRequired)


class Contacts(ApiView):
    """The owner's trusted contacts."""

    @extend_schema(
        operation_id="list_contacts", parameters=PAGE_PARAMETERS, responses=ContactPageOut
    )
    def get(self, request: Request) -> Response:
        """Return a page of contacts, the latest first."""
        return Response(page_of(contacts_of(owner_of(request)), request, ContactOut))

    @extend_schema(operation_id="add_contact", request=ContactIn, responses={201: ContactOut})
    @problems(*OF_THE_NUMBER, TooManyContacts)
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a contact; `share_text` is what to send them from one's own phone."""
        owner = owner_of(request)
        body = ContactIn.parse(request)
        entry = NewContact(**{"language": owner.language, **body})
        contact = create_contact(owner=owner, entry=entry, now=database_now())
        return Response(ContactOut(contact).data, status=201)


class ContactDetail(ApiView):
    """One trusted contact."""

    @extend_schema(operation_id="get_contact", responses=ContactOut)
    def get(self, request: Request, contact_id: UUID) -> Response:
        """Return the contact."""
        return Response(
            ContactOut(get_contact(owner=owner_of(request), contact_id=contact_id)).data
        )

    @extend_schema(operation_id="change_contact", request=ContactChangesIn, responses=ContactOut)
    @problems(*OF_THE_NUMBER, *OF_THE_PIN, ImpossibleMove)
    def patch(self, request: Request, contact_id: UUID) -> Response:
        """Change a contact; a new number starts again from the invitation."""
        body = ContactChangesIn.parse(request)
        pin: str | None = body.pop("pin", None)
        contact = update_contact(
            owner=owner_of(request),
            contact_id=contact_id,
            changes=cast("ContactChanges", body),
            pin=pin,
            now=database_now(),
        )
        return Response(ContactOut(contact).data)

    @extend_schema(operation_id="delete_contact", parameters=[PIN_HEADER], responses={204: None})
    @problems(*OF_THE_PIN)
    def delete(self, request: Request, contact_id: UUID) -> Response:
        """Erase a contact; while a meetup is not ended this takes the PIN in `X-Pin`."""
        delete_contact(
            owner=owner_of(request),
            contact_id=contact_id,
            pin=request.headers.get(PIN_HEADER.name),
            now=database_now(),
        )
        return Response(status=204)


class InviteContact(ApiView):
    """The invitation of a contact."""

    @extend_schema(operation_id="invite_contact", request=InviteIn, responses={202: ContactOut})
    @problems(InvitationNotPossible, QuotaExceeded)
    @idempotent
    def post(self, request: Request, contact_id: UUID) -> Response:
        """Send the invitation once, or open one that has lapsed again."""
        via = InviteIn.parse(request)["via"]
        contact = invite_contact(
            owner=owner_of(request),
            contact_id=contact_id,
            by_service=via == VIA_SERVICE,
            now=database_now(),
        )
        return Response(ContactOut(contact).data, status=202)


class DrillContact(ApiView):
    """A test of the way to a contact."""

    @extend_schema(operation_id="drill_contact", request=NoBody, responses={202: ContactOut})
    @problems(DrillNotPossible, QuotaExceeded)
    @idempotent
    def post(self, request: Request, contact_id: UUID) -> Response:
        """Send a text that says it is a test; `confirmed_at` moves when it is answered."""
        owner = owner_of(request)
        NoBody.parse(request)
        send_drill(owner=owner, contact_id=contact_id, now=database_now())
        contact = get_contact(owner=owner, contact_id=contact_id)
        return Response(ContactOut(contact).data, status=202)


class PreviewContact(ApiView):
    """What a contact would see."""

    @extend_schema(operation_id="preview_contact", responses=PreviewOut)
    def get(self, request: Request, contact_id: UUID) -> Response:
        """Return the texts and the fields of the page, for a missed check-in and for an SOS."""
        owner = owner_of(request)
        contact = get_contact(owner=owner, contact_id=contact_id)
        alerts: Any = preview_contact(owner=owner, contact=contact)
        return Response(PreviewOut({"alerts": alerts}).data)
