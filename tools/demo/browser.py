"""A browser without JavaScript: keeps cookies, follows redirects, sends forms."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from tools.demo.expectations import StepMissing, expect
from tools.demo.pages import Form, Page

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=3)


class Browser:
    """One person's browser, on one page at a time."""

    def __init__(self) -> None:
        jar = aiohttp.CookieJar(unsafe=True)  # the stack's host is an address, not a name
        self._http = aiohttp.ClientSession(cookie_jar=jar, timeout=TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.close()

    async def open(self, url: str) -> Page:
        """Return the page behind a link; raises StepMissing when there is none."""
        async with self._http.get(url) as answer:
            return await read_page(answer)

    async def press(self, page: Page, name: str, entries: Mapping[str, str]) -> Page:
        """Send one of a page's forms with these entries, and return the page that follows."""
        form = page.form(name)
        if form is None:
            raise StepMissing(f"a page that offers {name!r}", f"{page.offers} ({page.url})")
        return await self._send(page, form, {**form.fields, **entries})

    async def _send(self, page: Page, form: Form, fields: dict[str, str]) -> Page:
        if form.method != "post":
            async with self._http.get(form.action, params=fields) as answer:
                return await read_page(answer)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        async with self._http.post(form.action, data=fields, headers={"Origin": origin}) as answer:
            return await read_page(answer)


async def read_page(answer: aiohttp.ClientResponse) -> Page:
    """Return the page of an answer; raises StepMissing when it is an error."""
    page = Page.parse(url=str(answer.url), status=answer.status, html=await answer.text())
    expect(
        answer.ok,
        f"a page at {answer.request_info.method} {answer.url}",
        seen=f"{answer.status} {page.text[:200]}",
    )
    return page
