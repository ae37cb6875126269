"""What a browser without JavaScript finds in a page: words, forms, buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin, urlsplit

UNSEEN = frozenset({"script", "style", "title", "head"})
UNSENT_INPUTS = frozenset({"submit", "button", "reset", "image", "file"})
SWITCHES = frozenset({"checkbox", "radio"})


@dataclass
class Form:
    """A form: where it goes, and what it sends when nobody changes anything."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of its address, which names what it does."""
        return urlsplit(self.action).path.rpartition("/")[2]


@dataclass
class Page:
    """A page as it was answered."""

    url: str
    status: int
    text: str
    forms: list[Form]

    @classmethod
    def parse(cls, *, url: str, status: int, html: str) -> Self:
        """Return the page that an answer shows."""
        reader = Reader(url)
        reader.feed(html)
        reader.close()
        return cls(url, status, " ".join(" ".join(reader.words).split()), reader.forms)

    def form(self, name: str) -> Form | None:
        """Return the form that does something; None when the page does not offer it."""
        return next((form for form in self.forms if form.name == name), None)

    @property
    def offers(self) -> str:
        """What can be done on the page."""
        return ", ".join(form.name for form in self.forms) or "nothing"


class Reader(HTMLParser):
    """Collects the words and forms of a page."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[Form] = []
        self._url = url
        self._form: Form | None = None
        self._select = ""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in what an element adds."""
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "form":
            action = urljoin(self._url, given.get("action", ""))
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "input":
            self._take_input(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option":
            self._take_option(given)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """Keep words that can be seen."""
        if not self._unseen:
            self.words.append(data)

    def _take_input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if self._form is None or not name or kind in UNSENT_INPUTS:
            return
        if kind in SWITCHES and "checked" not in given:
            return
        self._form.fields[name] = given.get("value", "on" if kind in SWITCHES else "")

    def _take_option(self, given: dict[str, str]) -> None:
        if self._form is None or not self._select:
            return
        if "selected" in given or self._select not in self._form.fields:
            self._form.fields[self._select] = given.get("value", "")
