"""A trusted contact's side: a phone that gets texts, and a browser that opens their links."""

from tools.demo.browser import Browser
from tools.demo.expectations import StepMissing, expect
from tools.demo.pages import Page
from tools.demo.phones import Phone


class Contact:
    """Somebody who is trusted, without account or app."""

    def __init__(
        self, phone: Phone, browser: Browser, *, language: str, disclosure_level: int
    ) -> None:
        self.name = phone.name
        self.phone = phone
        self.language = language
        self.disclosure_level = disclosure_level
        self._browser = browser
        self._page: Page | None = None
        self._alert_link = ""

    @property
    def page(self) -> Page:
        """The page that is open; raises StepMissing when there is none."""
        if self._page is None:
            raise StepMissing(f"{self.name} to have a page open", "none")
        return self._page

    async def open(self, link: str) -> None:
        """Open a link."""
        self._page = await self._browser.open(link)

    async def press(self, form: str, **entries: str) -> None:
        """Press a button of the open page, having filled in some fields of its form."""
        self._page = await self._browser.press(self.page, form, entries)

    def keep_alert_link(self, link: str) -> None:
        """Remember the link of an alert, to open it now or later."""
        self._alert_link = link

    async def open_alert(self) -> None:
        """Open the alert page, or load it anew."""
        await self.open(self._alert_link)

    def expect_words(self, *words: str) -> None:
        """Look for words on the open page; raises StepMissing when some are not there."""
        missing = [word for word in words if word not in self.page.text]
        expect(not missing, f"{self.name}'s page to say {missing}", seen=self.page.text[:600])

    def expect_no_words(self, *words: str) -> None:
        """Look for words that must not be shown; raises StepMissing when one is."""
        shown = [word for word in words if word in self.page.text]
        expect(not shown, f"{self.name}'s page not to say {shown}", seen=self.page.text[:600])

    def expect_choice(self, form: str) -> None:
        """Look for a button on the open page; raises StepMissing when it is not there."""
        expect(self.page.form(form), f"{self.name}'s page to offer {form!r}", seen=self.page.offers)
