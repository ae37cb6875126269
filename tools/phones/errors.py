"""Refusals, in the words and codes of Twilio's error dictionary."""

from http import HTTPStatus
from typing import Any

BAD_REQUEST = HTTPStatus.BAD_REQUEST

# Code → HTTP status and message; `%s` takes the value that was refused.
CATALOGUE: dict[int, tuple[int, str]] = {
    20001: (BAD_REQUEST, "Unknown parameters: %s"),
    20003: (HTTPStatus.UNAUTHORIZED, "Authenticate"),
    20404: (HTTPStatus.NOT_FOUND, "The requested resource %s was not found"),
    20429: (HTTPStatus.TOO_MANY_REQUESTS, "Too Many Requests"),
    20500: (HTTPStatus.INTERNAL_SERVER_ERROR, "An internal server error has occurred"),
    21201: (BAD_REQUEST, "No 'To' number is specified"),
    21205: (BAD_REQUEST, "Url parameter is required"),
    21211: (BAD_REQUEST, "Invalid 'To' Phone Number: %s"),
    21212: (BAD_REQUEST, "Invalid 'From' Number: %s"),
    21213: (BAD_REQUEST, "No 'From' number is specified"),
    21214: (BAD_REQUEST, "'To' phone number cannot be reached: %s"),
    21217: (BAD_REQUEST, "Phone number does not appear to be valid: %s"),
    21220: (BAD_REQUEST, "Unable to update record. Call is not in-progress. Cannot redirect."),
    21408: (BAD_REQUEST, "Permission to send an SMS has not been enabled for the region: %s"),
    21601: (BAD_REQUEST, "Phone number is not a valid SMS-capable inbound phone number: %s"),
    21602: (BAD_REQUEST, "Message body is required."),
    21603: (BAD_REQUEST, "A 'From' phone number is required."),
    21604: (BAD_REQUEST, "A 'To' phone number is required."),
    21606: (BAD_REQUEST, "The 'From' phone number is not a valid, SMS-capable number for %s"),
    21609: (BAD_REQUEST, "The 'StatusCallback' URL %s is not a valid URL."),
    21610: (BAD_REQUEST, "Attempt to send to unsubscribed recipient"),
    21612: (BAD_REQUEST, "Message cannot be sent with the current combination of 'To' and 'From'"),
    21614: (BAD_REQUEST, "'To' number is not a valid mobile number: %s"),
    21617: (BAD_REQUEST, "The concatenated message body exceeds the 1600 character limit"),
    21659: (BAD_REQUEST, "'From' is not a Twilio phone number or Short Code country mismatch"),
    63038: (HTTPStatus.TOO_MANY_REQUESTS, "Account exceeded the daily messages limit"),
}

# What a carrier says after the message was accepted.
CARRIER_ERRORS: dict[int, str] = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
}


class Refused(Exception):
    """The network answers a request with one of Twilio's errors."""

    def __init__(self, code: int, value: str = "") -> None:
        status, text = CATALOGUE.get(code, (BAD_REQUEST, "Refused by the simulated network"))
        self.code = code
        self.status = int(status)
        self.message = text.replace("%s", value)
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        """Return the JSON that Twilio sends with this refusal."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
