"""The catalogue of problems: each code with its HTTP status and its title in two languages."""

from dataclasses import dataclass
from typing import Final

from alerts.domain import errors as domain
from alerts.domain.languages import Language

TYPE_ROOT: Final = "https://vigie.app/problems/"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What every problem with this code has in common."""

    code: str
    status: int
    titles: dict[Language, str]

    @property
    def type(self) -> str:
        """The stable URI of this kind of problem (RFC 9457, section 3.1.1)."""
        return TYPE_ROOT + self.code.replace("_", "-")


DOMAIN_PROBLEMS: Final[dict[type[domain.AlertsError], tuple[int, str]]] = {
    domain.AlertsError: (400, "La demande a été refusée."),
    domain.ImpossibleMove: (409, "Ce n'est pas possible dans l'état actuel."),
    domain.InvalidInput: (400, "Une valeur ne peut pas être acceptée."),
    domain.NotFound: (404, "Cela n'existe pas."),
    domain.ImpossiblePhone: (400, "Ce numéro ne peut pas exister ou ne peut pas recevoir de SMS."),
    domain.CountryNotServed: (400, "Les numéros de ce pays ne sont pas desservis."),
    domain.LatinFormRequired: (
        400,
        "Donnez aussi ce nom en lettres latines : il n'en resterait rien dans un SMS.",
    ),
    domain.CodeWrong: (403, "Ce code n'est pas valable."),
    domain.QuotaExceeded: (429, "Trop de demandes de ce type pour le moment."),
    domain.PinsRequired: (409, "Choisissez d'abord votre code PIN et votre code de contrainte."),
    domain.PinsTooAlike: (
        400,
        "Les deux codes ont la même longueur et diffèrent d'au moins deux chiffres.",
    ),
    domain.PinRequired: (403, "Votre code PIN est nécessaire."),
    domain.PinWrong: (403, "Ce code PIN n'est pas le bon."),
    domain.PinLocked: (429, "Trop d'essais ; réessayez dans une minute."),
    domain.FreshSignInRequired: (403, "Reconnectez-vous d'abord."),
    domain.NumberTaken: (409, "Un autre compte utilise ce numéro."),
    domain.TooManyContacts: (409, "Dix contacts de confiance au plus."),
    domain.OwnNumber: (400, "C'est votre propre numéro."),
    domain.StrangersNumber: (400, "C'est le numéro de la personne que vous allez voir."),
    domain.DuplicateContact: (409, "Vous avez déjà un contact avec ce numéro."),
    domain.InvitationNotPossible: (409, "Ce contact ne peut pas être invité maintenant."),
    domain.NumberRefused: (409, "La personne de ce numéro a refusé ou s'est retirée."),
    domain.DrillNotPossible: (409, "Aucun essai ne peut être envoyé à ce contact."),
    domain.ContactNotConfirmed: (409, "Un contact au moins doit d'abord confirmer son numéro."),
    domain.ContactNotAvailable: (409, "Un des contacts a refusé, s'est retiré ou n'a pas répondu."),
    domain.TooManyUnconfirmed: (409, "Trois contacts au plus peuvent ne pas être confirmés."),
    domain.OffsetRequired: (400, "Donnez la date et l'heure avec leur décalage horaire."),
    domain.DeadlineOutOfRange: (400, "Ce début ou cette échéance n'est pas possible."),
    domain.GraceNotOffered: (400, "Ce délai n'est pas proposé."),
    domain.MeetupsOverlap: (409, "Vous avez déjà quelque chose de prévu à ce moment."),
    domain.MeetupEnded: (409, "C'est terminé."),
    domain.MeetupNotStarted: (409, "Ce n'est pas commencé."),
    domain.IncidentOpen: (409, "Un incident est ouvert."),
    domain.NoIncident: (409, "Il n'y a pas d'incident ouvert."),
    domain.NoOpenTimer: (409, "Il n'y a pas de minuteur en cours."),
    domain.ExtensionTooLong: (409, "C'est plus que ce qui peut être ajouté."),
    domain.NotPossibleNow: (409, "Ce n'est plus possible."),
    domain.IdempotencyConflict: (409, "La première demande avec cette clé est encore en cours."),
    domain.IdempotencyMismatch: (422, "Cette clé a servi à une autre demande."),
}

REQUEST_PROBLEMS: Final[dict[str, tuple[int, str, str]]] = {
    "bad_request": (400, "The request is malformed.", "La requête est mal formée."),
    "parse_error": (400, "The body is not JSON.", "Le corps n'est pas du JSON."),
    "invalid_text": (
        400,
        "A text holds a character that cannot be stored.",
        "Un texte contient un caractère impossible à conserver.",
    ),
    "unknown_field": (400, "There is no such field.", "Ce champ n'existe pas."),
    "invalid_cursor": (400, "This cursor is not one of ours.", "Ce curseur n'est pas valable."),
    "idempotency_key_invalid": (
        400,
        "An Idempotency-Key is 1 to 255 printable ASCII characters.",
        "Une Idempotency-Key compte de 1 à 255 caractères ASCII imprimables.",
    ),
    "authentication_failed": (
        401,
        "This token opens nothing.",
        "Ce jeton ne donne accès à rien.",
    ),
    "not_authenticated": (401, "Sign in first.", "Connectez-vous d'abord."),
    "permission_denied": (403, "This is not allowed.", "Ce n'est pas permis."),
    "method_not_allowed": (
        405,
        "There is no such action here.",
        "Cette action n'existe pas ici.",
    ),
    "not_acceptable": (
        406,
        "Answers are JSON; the Accept header excludes it.",
        "Les réponses sont en JSON ; l'en-tête Accept l'exclut.",
    ),
    "body_too_large": (413, "The body is too large.", "Le corps est trop grand."),
    "unsupported_media_type": (415, "Send JSON.", "Envoyez du JSON."),
    "throttled": (429, "Too many requests for now.", "Trop de demandes pour le moment."),
    "internal_error": (
        500,
        "Something went wrong on our side.",
        "Quelque chose n'a pas fonctionné chez nous.",
    ),
    "unavailable": (
        503,
        "The service cannot answer just now; try again.",
        "Le service ne peut pas répondre pour l'instant ; réessayez.",
    ),
}


def _catalogue() -> dict[str, ProblemKind]:
    kinds = {
        error.code: ProblemKind(
            error.code, status, {Language.English: error.title, Language.French: french}
        )
        for error, (status, french) in DOMAIN_PROBLEMS.items()
    }
    for code, (status, english, french) in REQUEST_PROBLEMS.items():
        kinds[code] = ProblemKind(
            code, status, {Language.English: english, Language.French: french}
        )
    return kinds


PROBLEMS: Final = _catalogue()


def kind_of(error: domain.AlertsError | type[domain.AlertsError]) -> ProblemKind:
    """Return the kind of a refusal; one that has no kind of its own answers as its parent."""
    ancestors = (error if isinstance(error, type) else type(error)).__mro__
    known = (DOMAIN_PROBLEMS[kind] for kind in ancestors if kind in DOMAIN_PROBLEMS)
    status, french = next(known)
    if error.code in PROBLEMS:
        return PROBLEMS[error.code]
    titles = {Language.English: error.title, Language.French: french}
    return ProblemKind(error.code, status, titles)
