"""What a text speaks of: the values put into it, and the limits of each."""

from dataclasses import dataclass

PLACE_UNITS = 50
TRUST_WORD_LETTERS = 6  # eight with its brackets


class MissingTextValue(ValueError):
    """A value that the text needs is not there, or nothing of it is left in Latin letters."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the text needs a value for {field}")
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TextValues:
    """The values of one message; each text takes what it speaks of. Never printed: personal."""

    trust_word: str = ""  # as agreed with the contact, without brackets
    contact: str = ""  # the contact's first name
    owner: str = ""  # the alias under which this contact knows the owner
    acting_contact: str = ""  # who acted; empty when that contact did not allow the name
    time: str = ""  # "22h30", "22:30"
    date: str = ""  # "14/02"
    link: str = ""  # never cut
    code: str = ""  # the digits of a sign-in code
    domain: str = ""  # whose page may fill in the code
    place: str = ""
    position: str = ""  # "48.8651,2.3983"
    number: str = ""  # minutes left, or the short id of an incident
    emergency: str = ""  # "17 ou 112", as seen from the contact's country
