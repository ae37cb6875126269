"""Every SMS that Vigie sends: its id, its wording, what it is for, how long it stays true."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerts.domain.languages import Language
from alerts.domain.states import Purpose
from alerts.domain.texts.packaged import fields_of, load_packaged

CODE_VALIDITY_SECONDS = 300
REPEAT_VALIDITY_SECONDS = 900
# The longest that Twilio keeps trying. The link shows the present state, so that a phone that
# was off all night still finds what is true in the morning.
LONGEST_VALIDITY_SECONDS = 36_000


class TextId(StrEnum):
    """The number of a text in the catalogue; the name says when it is sent."""

    InviteFromOwnPhone = "S01"
    InviteByService = "S02"
    ProveNumber = "S03"
    OwnerReminder = "S04"
    OwnerOverdue = "S05"
    AlertFirst = "S06"
    AlertSos = "S07"
    Repeat = "S08"
    SomebodyActs = "S09"
    CannotAct = "S10"
    AllClear = "S11"
    ClearByContact = "S12"
    FalseAlarm = "S13"
    ClosedUnconfirmed = "S14"
    Stopped = "S15"
    DetailsWithoutWeb = "S16"
    SignInCode = "S17"
    Drill = "S18"
    SosRepeat = "S19"
    AcknowledgementEnded = "S20"
    AlertInvited = "S21"
    Degraded = "S22"
    DegradedSos = "S22s"
    OwnerSetting = "S23"
    OwnerNewSession = "S24"
    OperatorNobodyTold = "S25"
    Doubt = "S26"
    Late = "S27"


@dataclass(frozen=True, slots=True)
class SmsText:
    """One text of the catalogue: its templates, its purpose, and for how many seconds it holds."""

    text_id: TextId
    templates: Mapping[Language, str]
    purpose: Purpose
    validity_seconds: int
    fields: frozenset[str]  # the values that the templates speak of, in either language

    @property
    def has_link(self) -> bool:
        """Whether the reader is given a page to open."""
        return "link" in self.fields


_USE: Mapping[TextId, tuple[Purpose, int]] = {
    TextId.InviteFromOwnPhone: (Purpose.Invitation, LONGEST_VALIDITY_SECONDS),
    TextId.InviteByService: (Purpose.Invitation, LONGEST_VALIDITY_SECONDS),
    TextId.ProveNumber: (Purpose.Invitation, LONGEST_VALIDITY_SECONDS),
    TextId.OwnerReminder: (Purpose.Reminder, 600),  # "ends at 22:30" is idle after 22:30
    TextId.OwnerOverdue: (Purpose.Reminder, REPEAT_VALIDITY_SECONDS),
    TextId.AlertFirst: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
    TextId.AlertSos: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
    TextId.Repeat: (Purpose.Repeat, REPEAT_VALIDITY_SECONDS),
    TextId.SomebodyActs: (Purpose.Notice, 1200),  # as long as an acknowledgement lives
    TextId.CannotAct: (Purpose.Notice, REPEAT_VALIDITY_SECONDS),
    TextId.AllClear: (Purpose.StandDown, LONGEST_VALIDITY_SECONDS),
    TextId.ClearByContact: (Purpose.StandDown, LONGEST_VALIDITY_SECONDS),
    TextId.FalseAlarm: (Purpose.StandDown, LONGEST_VALIDITY_SECONDS),
    TextId.ClosedUnconfirmed: (Purpose.StandDown, LONGEST_VALIDITY_SECONDS),
    TextId.Stopped: (Purpose.Notice, LONGEST_VALIDITY_SECONDS),
    TextId.DetailsWithoutWeb: (Purpose.Alert, 3600),
    TextId.SignInCode: (Purpose.Code, CODE_VALIDITY_SECONDS),
    TextId.Drill: (Purpose.Notice, 3600),
    TextId.SosRepeat: (Purpose.Repeat, REPEAT_VALIDITY_SECONDS),
    TextId.AcknowledgementEnded: (Purpose.Repeat, REPEAT_VALIDITY_SECONDS),
    TextId.AlertInvited: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
    TextId.Degraded: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
    TextId.DegradedSos: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
    TextId.OwnerSetting: (Purpose.Notice, LONGEST_VALIDITY_SECONDS),
    TextId.OwnerNewSession: (Purpose.Notice, LONGEST_VALIDITY_SECONDS),
    TextId.OperatorNobodyTold: (Purpose.Operator, REPEAT_VALIDITY_SECONDS),
    TextId.Doubt: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
    TextId.Late: (Purpose.Alert, LONGEST_VALIDITY_SECONDS),
}


def _load_catalogue() -> Mapping[TextId, SmsText]:
    wording: Mapping[str, Mapping[str, str]] = load_packaged("sms.json")
    return {text_id: _entry(text_id, wording[text_id]) for text_id in TextId}


def _entry(text_id: TextId, wording: Mapping[str, str]) -> SmsText:
    purpose, validity_seconds = _USE[text_id]
    templates = {language: wording[language] for language in Language}
    fields = frozenset().union(*map(fields_of, templates.values()))
    return SmsText(text_id, templates, purpose, validity_seconds, fields)


_CATALOGUE = _load_catalogue()


def sms_text(text_id: TextId) -> SmsText:
    """Return the catalogue's entry of one text."""
    return _CATALOGUE[text_id]
