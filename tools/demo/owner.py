"""Ana's side: an app that speaks to the API, and her phone."""

import re
from datetime import datetime

from tools.demo.api import Api, Document
from tools.demo.contact import Contact
from tools.demo.expectations import StepMissing, expect
from tools.demo.phones import Phone
from tools.demo.wording import Kind

PIN = "2580"
DURESS_PIN = "1973"
DUE_IN_SECONDS = 6
TEXT_WITHIN = 10.0  # seconds
PLACE = {
    "label": "Café des Lilas",
    "address": "12 rue des Lilas, 75020 Paris",
    "access": "code 47B, third floor",
    "country": "FR",
}
STRANGER = {"name": "Sam", "platform": "a chat site", "notes": "met online last week"}


class Owner:
    """Somebody about to meet a stranger."""

    def __init__(self, phone: Phone, api: Api) -> None:
        self.name = phone.name
        self.phone = phone
        self._api = api
        self._contacts: dict[str, str] = {}
        self._receipt: Document = {}
        self._incident_id = ""

    async def sign_in(self) -> None:
        """Sign in by the code that comes to the phone."""
        asked = await self._api.post("/codes", {"phone": self.phone.number}, status=202)
        text = await self.phone.read(Kind.Code, within=TEXT_WITHIN)
        code = re.findall(r"\d{6}", text.body)[0]
        body = {"id": asked["id"], "code": code, "device_name": f"{self.name}'s phone"}
        session = await self._api.post("/sessions", body, status=201)
        self._api.use_token(session["token"])
        await self._api.patch("/me", {"display_name": self.name, "language": "en"})

    async def set_pins(self) -> None:
        """Choose the PIN, and the one that is for being forced to enter it."""
        await self._api.put("/me/pins", {"pin": PIN, "duress_pin": DURESS_PIN}, status=204)

    async def name_contact(self, contact: Contact) -> None:
        """Add a trusted contact, who knows nothing of it yet."""
        body = {
            "name": contact.name,
            "phone": contact.phone.number,
            "language": contact.language,
            "circle": 1,
            "disclosure_level": contact.disclosure_level,
            "owner_alias": self.name,
        }
        added = await self._api.post("/contacts", body, status=201)
        expect(added["state"] == "invited", "a contact who is invited", seen=added["state"])
        self._contacts[contact.name] = added["id"]

    async def share_invitation(self, contact: Contact) -> str:
        """Return what the app offers to send from the owner's own phone; it ends with a link."""
        added = await self._api.get(f"/contacts/{self._contacts[contact.name]}")
        return str(added["share_text"])

    async def have_invitation_sent(self, contact: Contact) -> None:
        """Let the service write to a contact."""
        await self._api.post(f"/contacts/{self._contacts[contact.name]}/invite", {}, status=202)

    async def expect_state(self, contact: Contact, state: str) -> None:
        """Look at how far a contact is; raises StepMissing when it is not that far."""
        seen = await self._api.get(f"/contacts/{self._contacts[contact.name]}")
        expect(seen["state"] == state, f"{contact.name} to be {state}", seen=seen["state"])

    async def plan_meetup(self) -> Document:
        """Plan a meetup that ends in a few seconds, and return the server's receipt."""
        body = {
            "stranger": STRANGER,
            "place": PLACE,
            "check_ins": [{"kind": "end", "due_in_seconds": DUE_IN_SECONDS}],
            "contacts": list(self._contacts.values()),
        }
        receipt = await self._api.post("/meetups", body, status=201)
        reachable = receipt["reachable_contacts"]
        expect(reachable == len(self._contacts), "both contacts to be reachable", seen=reachable)
        expect(receipt["simulated"], "a receipt that says simulated", seen=receipt)
        self._receipt = receipt
        return receipt

    @property
    def due_at(self) -> datetime:
        """When the owner has to check in, by the server's receipt."""
        return datetime.fromisoformat(self._timer["due_at"])

    @property
    def alert_at(self) -> datetime:
        """When the contacts are to be told, by the server's receipt."""
        return datetime.fromisoformat(self._timer["alert_at"])

    @property
    def _timer(self) -> Document:
        (timer,) = self._receipt["timers"]
        return dict(timer)

    async def find_incident(self) -> Document:
        """Return the incident that the meetup has led to; raises StepMissing without one."""
        meetup = await self.see_meetup()
        if meetup["incident"] is None:
            raise StepMissing("a meetup with an incident", f"state {meetup['state']}")
        self._incident_id = meetup["incident"]["id"]
        return await self.see_incident()

    async def see_incident(self) -> Document:
        """Return the incident as it stands."""
        return await self._api.get(f"/incidents/{self._incident_id}")

    async def resolve(self) -> Document:
        """Say by the PIN that all is well and the meetup over; return the incident."""
        body = {"pin": PIN, "false_alarm": False, "end_meetup": True}
        return await self._api.post(f"/incidents/{self._incident_id}/resolve", body, status=200)

    async def see_meetup(self) -> Document:
        """Return the meetup as it stands."""
        return await self._api.get(f"/meetups/{self._receipt['id']}")

    def contact_id(self, contact: Contact) -> str:
        """Return the id by which the app knows a contact."""
        return self._contacts[contact.name]
