"""What can be wrong with one field: our stable codes, whatever the framework calls them."""

from typing import Final

from alerts.api.problems import PROBLEMS
from alerts.domain.languages import Language

CODE_OF_FRAMEWORK: Final = {
    "invalid": "invalid_value",
    "not_a_list": "wrong_type",
    "not_a_dict": "wrong_type",
    "max_length": "too_long",
    "min_length": "too_short",
    "max_value": "too_large",
    "min_value": "too_small",
    "max_string_length": "too_long",
    "overflow": "too_large",
    "null": "null_not_allowed",
    "null_characters_not_allowed": "invalid_text",
    "surrogate_characters_not_allowed": "invalid_text",
    "date": "invalid_value",
    "make_aware": "offset_required",
}

FRENCH: Final = {
    "required": "Ce champ est obligatoire.",
    "null_not_allowed": "Ce champ ne peut pas être nul.",
    "blank": "Ce champ ne peut pas être vide.",
    "empty": "Cette liste ne peut pas être vide.",
    "wrong_type": "Ce n'est pas le type attendu.",
    "invalid_value": "Cette valeur n'est pas valable.",
    "invalid_choice": "Cette valeur n'est pas proposée.",
    "unknown_field": "Ce champ n'existe pas.",
    "too_long": "C'est trop long.",
    "too_short": "C'est trop court.",
    "too_large": "C'est trop grand.",
    "too_small": "C'est trop petit.",
    "invalid_text": "Un caractère ne peut pas être conservé.",
    "repeated": "Ce paramètre est donné deux fois.",
}


def field_code(code: str) -> str:
    """Return our code for a code of the framework."""
    return CODE_OF_FRAMEWORK.get(code, code)


def field_detail(code: str, detail: str, language: Language) -> str:
    """Return the sentence about a field in the reader's language, as far as there is one."""
    if language is Language.English:
        return detail
    if code in FRENCH:
        return FRENCH[code]
    kind = PROBLEMS.get(code)
    return kind.titles[language] if kind else detail
