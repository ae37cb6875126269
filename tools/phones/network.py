"""The simulated network itself: what it does with messages, calls, replies and orders."""

from dataclasses import dataclass
from typing import Any

from tools.phones.background import Background
from tools.phones.behaviour import Behaviour, Channel, Mode
from tools.phones.calls import Call
from tools.phones.config import Config
from tools.phones.errors import Refused
from tools.phones.identifiers import new_sid
from tools.phones.journal import Event, Journal
from tools.phones.messages import INBOUND, Message
from tools.phones.orders import Arrival, CallOrder, MessageOrder
from tools.phones.segments import count_segments
from tools.phones.state import EVERY_NUMBER, State
from tools.phones.webhooks import Answer, Webhooks


@dataclass(slots=True)
class Network:
    """Records every event first in the journal, then in the state that all readers share."""

    config: Config
    journal: Journal
    state: State
    webhooks: Webhooks
    background: Background

    def record(self, kind: str, **fields: Any) -> Event:  # noqa: ANN401  any JSON value
        """Write one event and take it into account."""
        event = self.journal.append(kind, fields)
        self.state.apply(event)
        return event

    def restore(self) -> None:
        """Take into account what an earlier run has left in the journal."""
        for event in self.journal.load():
            self.state.apply(event)

    def take_behaviour(self, number: str, channel: Channel) -> Behaviour:
        """Return how to treat one request; a behaviour with `times` is used up by it."""
        behaviour = self.state.behaviour(number, channel)
        left = behaviour.once_less()
        if left is not behaviour:
            owner = number if (number, channel) in self.state.behaviours else EVERY_NUMBER
            self.set_behaviour(owner, channel, left)
        return behaviour

    def set_behaviour(self, number: str, channel: Channel, behaviour: Behaviour | None) -> None:
        """Tell a number, or `*` for all, how to behave; None goes back to normal."""
        self.record(
            "behaviour_set",
            number=number,
            channel=channel,
            behaviour=None if behaviour is None else behaviour.as_json(),
        )

    def accept_message(
        self, order: MessageOrder, behaviour: Behaviour, arrival: Arrival
    ) -> Message:
        """Accept one message from the service, written down before this returns."""
        event = self.record(
            "message_accepted",
            phone=order.to,
            sid=new_sid("SM"),
            account_sid=self.config.account_sid,
            to=order.to,
            body=order.body,
            direction="outbound-api",
            status="queued",
            num_segments=count_segments(order.body),
            status_callback=order.status_callback,
            messaging_service_sid=order.messaging_service_sid,
            parameters=order.parameters,
            behaviour=behaviour.as_json(),
            **{"from": order.sender},
            **arrival.as_fields(),
        )
        return self.state.messages[event["sid"]]

    def place_call(self, order: CallOrder, behaviour: Behaviour, arrival: Arrival) -> Call:
        """Accept one call from the service, written down before this returns."""
        event = self.record(
            "call_placed",
            phone=order.to,
            sid=new_sid("CA"),
            account_sid=self.config.account_sid,
            to=order.to,
            status_callback=order.parameters.get("StatusCallback"),
            parameters=order.parameters,
            events=order.events,
            behaviour=behaviour.as_json(),
            **{"from": order.sender},
            **arrival.as_fields(),
        )
        return self.state.calls[event["sid"]]

    def receive(self, sender: str, to: str, body: str) -> Message:
        """Write down what somebody has typed on a simulated phone."""
        event = self.record(
            "inbound_created",
            phone=sender,
            sid=new_sid("SM"),
            account_sid=self.config.account_sid,
            to=to,
            body=body,
            direction=INBOUND,
            status="received",
            num_segments=count_segments(body),
            **{"from": sender},
        )
        return self.state.messages[event["sid"]]

    def message(self, sid: str) -> Message:
        """Return one message; raises Refused (20404) when there is none or it was deleted."""
        message = self.state.messages.get(sid)
        if message is None or message.deleted:
            raise Refused(20404, f"Messages/{sid}.json")
        return message

    def call(self, sid: str) -> Call:
        """Return one call; raises Refused (20404) when there is none."""
        call = self.state.calls.get(sid)
        if call is None:
            raise Refused(20404, f"Calls/{sid}.json")
        return call

    async def post_callback(
        self, about: Message | Call, url: str, parameters: dict[str, str]
    ) -> Answer:
        """Post a status callback and write down how the service answered."""
        answer = await self.webhooks.send(url, parameters)
        self.record(
            "callback_posted",
            phone=about.phone,
            sid=about.sid,
            status=parameters.get("MessageStatus") or parameters.get("CallStatus"),
            to=about.to,
            **answer.as_fields(),
        )
        return answer

    def clear(self) -> None:
        """Empty the journal and every thread; behaviours and names stay in force."""
        names = {phone.number: phone.name for phone in self.state.phones.values() if phone.name}
        behaviours = list(self.state.behaviours.items())
        self.journal.clear()
        self.record("journal_cleared")
        for number, name in names.items():
            self.record("phone_named", phone=number, name=name)
        for (number, channel), behaviour in behaviours:
            self.set_behaviour(number, channel, behaviour)


def wants_callbacks(network: Network, about: Message | Call) -> bool:
    """Tell whether anybody is to hear how a message or call went."""
    silent = (about.behaviour or {}).get("mode") == Mode.SILENT
    return network.config.callbacks and not silent
