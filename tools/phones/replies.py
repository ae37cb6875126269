"""What is typed on a simulated phone, and the service's answer to it."""

from time import monotonic

from tools.phones.behaviour import Channel, normal
from tools.phones.clock import journal_time, wall_clock
from tools.phones.messages import API_VERSION, Message
from tools.phones.network import Network
from tools.phones.orders import Arrival, MessageOrder
from tools.phones.receipts import start_receipts
from tools.phones.twiml import BadDocument, parse_replies
from tools.phones.webhooks import Answer


async def send_reply(network: Network, *, sender: str, to: str, body: str) -> Answer:
    """Post an inbound SMS to the service, and deliver what its TwiML answers."""
    message = network.receive(sender, to, body)
    answer = await network.webhooks.send(network.config.inbound_url, _parameters(message))
    network.record(
        "inbound_sent",
        phone=sender,
        sid=message.sid,
        to=to,
        **{"from": sender},
        **answer.as_fields(),
    )
    if answer.is_ok:
        _deliver_answers(network, message, answer)
    return answer


def _deliver_answers(network: Network, message: Message, answer: Answer) -> None:
    try:
        texts = parse_replies(answer.body)
    except BadDocument as error:
        network.record("inbound_answer_unreadable", sid=message.sid, text=str(error))
        return
    for text in texts:
        order = MessageOrder(message.sender or "", message.to, text, None, None, {})
        arrival = Arrival(journal_time(wall_clock()), monotonic())
        start_receipts(network, network.accept_message(order, normal(Channel.SMS), arrival))


def _parameters(message: Message) -> dict[str, str]:
    return {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "Body": message.body,
        "From": message.sender or "",
        "MessageSid": message.sid,
        "NumMedia": "0",
        "NumSegments": str(message.num_segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
    }
