"""What all pages share: language, headers, rendering, the way back after a form."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from csp.constants import NONCE, SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from alerts.conf import alerts_settings
from alerts.domain.languages import Language, language_of
from alerts.pages.wording import wording

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]

_KNOWN_LANGUAGES = frozenset(Language)
_ALLOWED_SOURCES = {"script-src": [NONCE], "style-src": [NONCE], "connect-src": [SELF]}


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was carried out: read the page anew."""

    status_code = 303


def private_page(view: View[Rest]) -> View[Rest]:
    """Let nothing keep, index or frame the answers of a view, nor load anything foreign."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    with_sources: View[Rest] = csp_update(_ALLOWED_SOURCES)(answer)  # type: ignore[assignment]
    return with_sources


def chosen_language(request: HttpRequest) -> Language | None:
    """Return the language picked by the page's switch (`?lang=en`), if any."""
    wanted = request.GET.get("lang", "")
    return Language(wanted) if wanted in _KNOWN_LANGUAGES else None


def page_language(request: HttpRequest, usual: str) -> Language:
    """Return the language picked on the page, else the reader's usual one."""
    return chosen_language(request) or language_of(usual)


def browser_language(request: HttpRequest) -> Language:
    """Return the language picked on the page, else the browser's first that Vigie writes."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200])
    primaries = (code.partition("-")[0] for code, _ in accepted)
    known = next((code for code in primaries if code in _KNOWN_LANGUAGES), "")
    return page_language(request, known)


def render_page(
    request: HttpRequest,
    template: str,
    *,
    language: Language,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return a page; its sentences are those of the file named like the template or its folder."""
    shared = {
        "language": language,
        "other_languages": [other for other in Language if other is not language],
        "lang_query": lang_query(request),
        "operator_name": alerts_settings().operator.name,
        "words": wording(language, template.partition("/")[0].removesuffix(".html")),
    }
    return render(request, template, {**shared, **(context or {})}, status=status)


def lang_query(request: HttpRequest) -> str:
    """Return `?lang=…` where the switch was used, so that forms and links keep it."""
    return _query(request, {})


def see_page(request: HttpRequest, path: str, *, anchor: str = "", **more: str) -> HttpResponse:
    """Return the redirect to a page after a form, in the language picked."""
    fragment = f"#{anchor}" if anchor else ""
    return SeeOther(f"{path}{_query(request, more)}{fragment}")


def _query(request: HttpRequest, more: Mapping[str, str]) -> str:
    language = chosen_language(request)
    parameters = {**({"lang": language.value} if language else {}), **more}
    return f"?{urlencode(parameters)}" if parameters else ""
