"""How a person tells the texts apart, in English or French."""

import re
from enum import Enum


class Kind(Enum):
    """A kind of text: what it is called here, and how it is recognised."""

    Code = "a sign-in code", r"^\d{6} (is your code|est votre code)"
    Invitation = "an invitation", r"trusted contact|contact de confiance"
    Proof = "the proof of the number", r"this text arrived|ce SMS arrive"
    Reminder = "a reminder", r"^(Timer ended|Minuteur terminé)"
    Alert = "the alert", r"did not check in|n'a pas donné de nouvelles"
    Repeat = "the alert again", r"Still no news about|Toujours sans nouvelles"
    SomebodyActs = "that somebody acts", r"is dealing with it|s'occupe de la situation"
    AllClear = "the all-clear", r"is safe and confirmed it|va bien et l'a confirmé"

    def __init__(self, label: str, pattern: str) -> None:
        self.label = label
        self.pattern = re.compile(pattern)

    def describes(self, body: str) -> bool:
        """Tell whether a text is of this kind."""
        return self.pattern.search(body) is not None
