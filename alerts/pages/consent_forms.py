"""The two forms of the consent pages, checked without the framework's own wording."""

import unicodedata
from typing import Any, ClassVar

from django import forms

from alerts.domain.contacts import LONGEST_NAME, clean_name
from alerts.domain.errors import LatinFormRequired
from alerts.domain.languages import Language
from alerts.pages.wording import load_entries
from alerts.selectors.consent_view import ConsentView
from alerts.services.contacts.data import Correction, Preferences

COUNTRIES = "countries"
LONGEST_EMAIL = 254
LANGUAGE_NAMES = {Language.French: "Français", Language.English: "English"}


def countries(language: Language, present: str) -> list[tuple[str, str]]:
    """Return codes and names in the order of the language; the present one is never missing."""
    names = {code: entry[language] for code, entry in load_entries(COUNTRIES).items()}
    names.setdefault(present, present)
    return sorted(names.items(), key=lambda item: _sorted_as(item[1]))


class PreferencesForm(forms.Form):
    """How to speak to a contact; each error is the code of a sentence."""

    language = forms.ChoiceField(
        choices=list(LANGUAGE_NAMES.items()),
        error_messages={"required": "choice_invalid", "invalid_choice": "choice_invalid"},
    )
    country = forms.ChoiceField(
        error_messages={"required": "choice_invalid", "invalid_choice": "choice_invalid"}
    )
    shows_name = forms.BooleanField(required=False)
    use_required_attribute = False  # what is missing is said in the page's own words
    hints: ClassVar[dict[str, str]] = {"country": "country_hint", "shows_name": "shows_name_hint"}

    def __init__(self, data: Any, view: ConsentView, language: Language) -> None:  # noqa: ANN401
        super().__init__(data, initial=_present_values(view), auto_id="%s")
        country = self.fields["country"]
        if isinstance(country, forms.ChoiceField):
            country.choices = countries(language, view.contact.country if view.contact else "")
        self._describe()

    def preferences(self) -> Preferences:
        """Return what was chosen on a valid form."""
        return Preferences(
            language=self.cleaned_data["language"],
            country=self.cleaned_data["country"],
            shows_name_to_others=self.cleaned_data["shows_name"],
        )

    def _describe(self) -> None:
        """Tie each field to its hint and its error, for those who hear the page."""
        for name, field in self.fields.items():
            field.hint = self.hints.get(name, "")  # type: ignore[attr-defined]  # for the template
            has_error = self.is_bound and name in self.errors
            parts = [f"{name}-hint" if name in self.hints else "", f"{name}-error" * has_error]
            described = " ".join(filter(None, parts))
            field.widget.attrs.update({"aria-describedby": described} if described else {})
            field.widget.attrs.update({"aria-invalid": "true"} if has_error else {})


class CorrectionForm(PreferencesForm):
    """All that a contact may correct: everything but the number."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={
            "required": "name_required",
            "max_length": "name_max_length",
            "null_characters_not_allowed": "name_latin",
        },
    )
    email = forms.EmailField(
        required=False,
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "email_invalid", "max_length": "email_invalid"},
    )
    hints: ClassVar[dict[str, str]] = {
        **PreferencesForm.hints,
        "name": "name_hint",
        "email": "email_hint",
    }
    field_order = ["name", "email", "language", "country", "shows_name"]

    def clean_name(self) -> str:
        """Return the name on one line, refused where no text could show it."""
        try:
            return clean_name(self.cleaned_data["name"], pointer="/name")
        except LatinFormRequired as error:
            raise forms.ValidationError("name_latin") from error

    def correction(self) -> Correction:
        """Return what was said on a valid form."""
        return Correction(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"] or None,
            preferences=self.preferences(),
        )


def _present_values(view: ConsentView) -> dict[str, Any]:
    if view.contact is None or view.profile is None:
        return {}
    return {
        "language": view.contact.language,
        "country": view.contact.country,
        "shows_name": view.contact.shows_name_to_others,
        "name": view.profile.name,
        "email": view.profile.email or "",
    }


def _sorted_as(name: str) -> str:
    """Return a name without accents: Égypte stands among the E."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))
