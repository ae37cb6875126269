"""Calls to the API as an app makes them."""

from typing import Any

import aiohttp

from tools.demo.expectations import StepMissing

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=3)
Document = dict[str, Any]


class Api:
    """The API of a stack, spoken to by one app."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/api/v1"
        self._headers = {"Accept-Language": "en"}

    def use_token(self, token: str) -> None:
        """Speak for a signed-in person from now on."""
        self._headers["Authorization"] = f"Bearer {token}"

    async def get(self, path: str) -> Document:
        """Return what is there; raises StepMissing for any answer but 200."""
        return await self._call("GET", path, None, 200)

    async def post(self, path: str, body: Document, *, status: int) -> Document:
        """Return the answer to a POST; raises StepMissing for any other status."""
        return await self._call("POST", path, body, status)

    async def put(self, path: str, body: Document, *, status: int) -> Document:
        """Return the answer to a PUT; raises StepMissing for any other status."""
        return await self._call("PUT", path, body, status)

    async def patch(self, path: str, body: Document) -> Document:
        """Return the answer to a PATCH; raises StepMissing for any answer but 200."""
        return await self._call("PATCH", path, body, 200)

    async def _call(self, method: str, path: str, body: Document | None, status: int) -> Document:
        async with self._http.request(
            method, f"{self._url}{path}", json=body, headers=self._headers, timeout=TIMEOUT
        ) as answer:
            text = await answer.text()
            if answer.status != status:
                expected = f"{status} from {method} /api/v1{path}"
                raise StepMissing(expected, f"{answer.status} {text[:500]}")
            document: Document = await answer.json(content_type=None) if text else {}
            return document
