"""The demonstration tells Vigie's texts apart as a reader does."""

import pytest

from alerts.domain.languages import Language
from alerts.domain.texts import TextId, TextValues, render_sms
from tools.demo.wording import Kind

VALUES = TextValues(
    trust_word="figue",
    contact="Mia",
    owner="Ana",
    acting_contact="Mia",
    time="22:30",
    date="14/02",
    link="https://vigie.app/a/7Kq2MZp9TtQ4vXbN",
    code="482913",
    domain="vigie.app",
    place="12 rue des Lilas",
    position="48.8651,2.3983",
    number="10",
    emergency="112",
)
MEANT = {
    TextId.InviteFromOwnPhone: Kind.Invitation,
    TextId.InviteByService: Kind.Invitation,
    TextId.ProveNumber: Kind.Proof,
    TextId.OwnerOverdue: Kind.Reminder,
    TextId.AlertFirst: Kind.Alert,
    TextId.Repeat: Kind.Repeat,
    TextId.SomebodyActs: Kind.SomebodyActs,
    TextId.AllClear: Kind.AllClear,
    TextId.SignInCode: Kind.Code,
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("text_id", list(TextId))
def test_each_text_is_taken_for_what_it_is(text_id: TextId, language: Language) -> None:
    body = render_sms(text_id, language, VALUES)
    taken_for = [kind for kind in Kind if kind.describes(body)]
    assert taken_for == ([MEANT[text_id]] if text_id in MEANT else [])
