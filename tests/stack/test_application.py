"""How Vigie's own parts are started."""

from pathlib import Path

from tools.stack.application import phones_child
from tools.stack.environment import Ports


def test_a_token_that_begins_with_a_dash_is_no_option() -> None:
    given = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "-token,older",
        "PUBLIC_URL": "http://127.0.0.1:1",
    }
    phones = phones_child(given, Ports(web=1, phones=2), Path("journal"))
    assert phones.environment["PHONES_AUTH_TOKEN"] == "-token"
    assert not any("-token" in word for word in phones.command)
