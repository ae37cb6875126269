"""Words that mean something in a text sent back."""

import pytest

from alerts.domain.replies import Keyword, Reply, read_reply


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        ("1", Reply(Keyword.Acknowledge)),
        (" 1. ", Reply(Keyword.Acknowledge)),
        ("oui", Reply(Keyword.Acknowledge)),
        ("1 7", Reply(Keyword.Acknowledge, 7)),
        ("1 #4711", Reply(Keyword.Acknowledge, 4711)),
        ("2", Reply(Keyword.Decline)),
        ("3", Reply(Keyword.Details)),
        ("arrêt", Reply(Keyword.Stop)),
        ("STOP!", Reply(Keyword.Stop)),
        ("Aide", Reply(Keyword.Identity)),
    ],
)
def test_a_keyword_is_read_however_it_is_typed(body: str, reply: Reply) -> None:
    assert read_reply(body) == reply


@pytest.mark.parametrize(
    "body", ["", "yes", "start", "12", "1 or 2?", "stop calling her", "1\n2 3", "9", "é", "1 " * 99]
)
def test_anything_else_means_nothing(body: str) -> None:
    assert read_reply(body) is None
