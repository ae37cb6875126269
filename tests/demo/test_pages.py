"""What the demonstration's browser sees in a page."""

from tools.demo.pages import Page

HTML = """<html><head><title>Hidden</title><style>p {}</style></head><body>
<h1>Two   words</h1><script>var no = 1;</script>
<form method="post" action="/c/abc/preferences?lang=fr">
<input type="hidden" name="csrfmiddlewaretoken" value="t&amp;1">
<input name="note" value="">
<input type="checkbox" name="off"><input type="radio" name="how" checked>
<select name="language"><option value="fr">F</option><option value="en" selected>E</option></select>
<select name="country"><option value="FR">F</option><option value="BE">B</option></select>
<button type="submit" name="pressed" value="yes">Save</button></form>
<form action="safe"><input type="submit" name="go" value="1"></form></body></html>"""


def parsed() -> Page:
    return Page.parse(url="http://127.0.0.1:1/c/abc", status=200, html=HTML)


def test_only_words_that_can_be_seen_are_read() -> None:
    assert parsed().text == "Two words F E F B Save"


def test_a_form_sends_what_it_holds_when_nobody_changes_anything() -> None:
    form = parsed().form("preferences")
    assert form is not None
    assert (form.method, form.action) == (
        "post",
        "http://127.0.0.1:1/c/abc/preferences?lang=fr",
    )
    assert form.fields == {
        "csrfmiddlewaretoken": "t&1",
        "note": "",
        "how": "on",
        "language": "en",
        "country": "FR",
    }


def test_forms_are_known_by_what_they_do() -> None:
    page = parsed()
    assert page.offers == "preferences, safe"
    assert page.form("acknowledge") is None
