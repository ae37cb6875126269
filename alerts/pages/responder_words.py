"""The alert page in words: banner, lines for the police, the text to the emergency services."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from alerts.domain.languages import Language
from alerts.domain.standing import Standing
from alerts.pages.moments import Moments
from alerts.pages.wording import Wording, wording
from alerts.selectors.contact_details import PersonShown, PlaceShown, PositionShown
from alerts.selectors.contact_view import ContactView, Happening, Moment, Somebody

PLACES_FOR_POLICE = 2
COORDINATE_DIGITS = 5  # about a metre


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """The top of the page: a colour with an icon, one headline, a few lines."""

    colour: str
    icon: str
    headline: SafeString
    lines: tuple[SafeString, ...]


class ResponderWords:
    """Writes one contact's view of an incident in one language."""

    def __init__(self, view: ContactView, language: Language) -> None:
        self.view = view
        self.words: Wording = wording(language, "responder")
        self.moments = Moments(view.zone, view.own_zone, view.now, self.words)

    def banner(self) -> Banner:
        """Return the banner; colour is never the only sign of a state."""
        view = self.view
        colour, icon = _LOOKS.get(view.standing, ("amber", "going_on"))
        if view.standing in {Standing.Open, Standing.Asked}:
            colour, icon = "red", "help" if view.is_urgent else "alert"
        lines = tuple(self._lines())
        return Banner(colour=colour, icon=icon, headline=self.headline(), lines=lines)

    def headline(self) -> SafeString:
        """Return how things stand in a few words."""
        view, say = self.view, self.words.say
        match view.standing:
            case Standing.Mine if view.mine:
                return say("mine", since=self.moments.html(view.mine.since))
            case Standing.Others if len(view.others) > 1:
                return say("others_many", count=len(view.others))
            case Standing.Others:
                return say("others_one")
            case Standing.Resolved:
                return say("resolved_reported" if view.is_resolved_by_contact else "resolved")
            case Standing.Declined | Standing.Closed | Standing.Stopped:
                return say(view.standing.value)
        return self._what_happened()

    def announcement(self) -> str:
        """Return the headline as plain text, for a screen reader when it changes."""
        return unescape(strip_tags(self.headline()))

    def police_lines(self) -> list[str]:
        """Return five lines to read out: who, where, last position, when, with whom."""
        return [
            self._police_what(),
            self._police_place(),
            self._police_position(),
            self._police_time(),
            self._police_person(),
        ]

    def written_call(self, number: str) -> str:
        """Return the link that opens a text to the emergency services, already written."""
        view, plain = self.view, self.words.plain
        key = "emergency_written_body_help" if view.is_urgent else "emergency_written_body"
        since = self.moments.plain(view.since)
        body = self._police_what() if view.alias else plain(key, since=since)
        places = view.details.places if view.details else ()
        if places:
            body += " " + plain("emergency_written_place", place=place_text(places[0]))
        body = body.replace("\N{NO-BREAK SPACE}", " ")  # a text with it would cost twice its length
        return f"sms:{number}?body={quote(body)}"

    def who(self, somebody: Somebody | None) -> str:
        """Return how somebody is named to this reader."""
        if somebody is not None and somebody.is_reader:
            return self.words.plain("you")
        return (somebody.name if somebody else "") or self.words.plain("another")

    def moment(self, moment: Moment) -> SafeString:
        """Return what a line of the timeline says."""
        key = f"did_{moment.happening}"
        if moment.happening is Happening.Repeated and self.view.is_urgent:
            key = "did_repeated_help"
        return self.words.say(key, who=self.who(moment.who))

    def _what_happened(self) -> SafeString:
        view = self.view
        key = "help" if view.is_urgent else "silence"
        since = self.moments.html(view.since)
        if view.alias:
            return self.words.say(f"{key}_named", alias=view.alias, since=since)
        return self.words.say(key, since=since)

    def _lines(self) -> Iterator[SafeString]:
        view, say = self.view, self.words.say
        is_live = view.standing in _LIVE
        if is_live and view.is_urgent:
            yield say("no_contact")
        yield from self._own_lines()
        if is_live and view.code_entered_at:
            yield say("code_entered", at=self.moments.html(view.code_entered_at))

    def _own_lines(self) -> Iterator[SafeString]:
        view, say, moments = self.view, self.words.say, self.moments
        match view.standing:
            case Standing.Asked:
                yield say("asked", age=moments.ago(view.since))
            case Standing.Open:
                yield say("nobody_yet", age=moments.ago(view.since))
            case Standing.Mine if view.mine:
                yield self._what_happened()
                yield say("mine_lapses", until=moments.html(view.mine.lapses_at))
            case Standing.Others:
                yield self._what_happened()
                yield say("others_stay")
            case Standing.Resolved if view.resolved_at:
                by = "contact" if view.is_resolved_by_contact else "owner"
                yield say(f"resolved_by_{by}", at=moments.html(view.resolved_at))
            case Standing.Closed:
                yield self._what_happened()
                yield say("closed_more")
            case Standing.Declined | Standing.Stopped:
                yield say(f"{view.standing}_more")

    def _police_what(self) -> str:
        view = self.view
        key = "police_help" if view.is_urgent else "police_silence"
        alias = view.alias or self.words.plain("police_someone")
        return self.words.plain(key, alias=alias, since=self.moments.plain(view.since))

    def _police_place(self) -> str:
        places = self.view.details.places if self.view.details else ()
        if not places:
            return self.words.plain("police_no_place")
        keys = ["police_place", *["police_place_before"] * (PLACES_FOR_POLICE - 1)]
        named = zip(keys, places, strict=False)
        return " ".join(self.words.plain(key, place=place_text(place)) for key, place in named)

    def _police_position(self) -> str:
        positions = self.view.details.positions if self.view.details else ()
        if not positions:
            return self.words.plain("police_no_position")
        last, plain = positions[0], self.words.plain
        metres = last.accuracy_m
        accuracy = "" if metres is None else plain("police_accuracy", metres=round(metres))
        age = self.moments.plain_ago(last.recorded_at)
        return plain("police_position", position=coordinates_text(last), age=age, accuracy=accuracy)

    def _police_time(self) -> str:
        details, plain = self.view.details, self.words.plain
        if details is None or details.planned_from is None:
            return plain("police_no_time")
        start = self.moments.plain(details.planned_from)
        if self.view.is_urgent:
            return plain("police_time_help", from_time=start)
        since = self.moments.plain(self.view.since)
        return plain("police_time", from_time=start, since=since)

    def _police_person(self) -> str:
        person = self.view.details.person if self.view.details else PersonShown()
        known = [person.name, person.phone, person.vehicle]
        text = ", ".join(filter(None, known))
        key = "police_person" if text else "police_no_person"
        return self.words.plain(key, person=text)


_LIVE = frozenset({Standing.Asked, Standing.Open, Standing.Mine, Standing.Others})
_LOOKS = {
    Standing.Declined: ("grey", "quiet"),
    Standing.Resolved: ("green", "done"),
    Standing.Closed: ("grey", "quiet"),
    Standing.Stopped: ("grey", "quiet"),
}


def place_text(place: PlaceShown) -> str:
    """Return a place in one line: label, address, floor and code; coordinates if nothing else."""
    written = ", ".join(filter(None, (place.label, place.address, place.access)))
    return written or coordinates_text(place)


def coordinates_text(spot: PlaceShown | PositionShown) -> str:
    """Return latitude and longitude as maps and the emergency services read them, "" if unknown."""
    if spot.latitude is None or spot.longitude is None:
        return ""
    return f"{spot.latitude:.{COORDINATE_DIGITS}f}, {spot.longitude:.{COORDINATE_DIGITS}f}"
