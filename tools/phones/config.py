"""What one simulated network is told at its start."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """The account the network serves, where it writes, and how fast it lives (seconds)."""

    account_sid: str
    auth_token: str
    journal: Path
    inbound_url: str
    callbacks: bool = True
    callback_delay: tuple[float, float] = (0.1, 0.4)
    callback_statuses: frozenset[str] = frozenset(
        {"queued", "sent", "delivered", "undelivered", "failed"}
    )
    callback_tries: int = 3
    callback_workers: int = 32
    callback_timeout: float = 15.0  # Twilio's own limit
    speech_rate: float = 15.0  # characters spoken in a second; 0 speaks in no time
    service_number: str = "+33639980000"  # sends for a messaging service; kept free for fiction
