"""« Aide à la création de votre espace sécurisé »: a few questions, then what to do (product.md 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

YES, NO = "oui", "non"


@dataclass(frozen=True)
class Question:
    """One question, its answers as the address and the page have them, and what is said without one."""

    name: str
    legend: str
    answers: tuple[tuple[str, str], ...]
    missing: str


@dataclass(frozen=True)
class Advice:
    """What to do, why, and where the button leads; `beside` is a second way."""

    title: str
    sentences: tuple[str, ...]
    label: str
    url_name: str
    beside: tuple[str, str] | None = None  # label, name of the address


FIRM = "cabinet"
PROFILE = Question(
    "profil",
    "Qui êtes-vous\u00a0?",
    (("entreprise", "Je suis une entreprise adhérente"), (FIRM, "Je suis un cabinet comptable")),
    "Dites-nous si vous êtes une entreprise adhérente ou un cabinet comptable.",
)
SPACE = Question(
    "espace",
    "Avez-vous déjà un espace sécurisé\u00a0?",
    ((YES, "J’ai déjà un espace"), (NO, "Je n’ai pas encore d’espace")),
    "Dites-nous si vous avez déjà un espace sécurisé.",
)
LETTERS = Question(
    "courriers",
    "Avez-vous reçu vos courriers\u00a0?",
    ((YES, "J’ai reçu les deux courriers"), (NO, "Je n’ai pas encore reçu les deux courriers")),
    "Dites-nous si vous avez reçu les deux courriers.",
)
QUESTIONS = (PROFILE, SPACE, LETTERS)

SIGN_IN = ("Me connecter à mon espace", "accounts:sign_in")
NO_LETTER = (
    "La caisse envoie deux courriers séparés\u00a0: le Courrier de bienvenue porte l’identifiant CIBTP, le "
    "Courrier informatique porte le code confidentiel.",
    "Si le Courrier informatique s’est perdu, demandez un nouveau code avec l’identifiant du Courrier de "
    "bienvenue. Si aucun des deux ne vous est parvenu, appelez votre caisse.",
)
# What is advised to a company: has it a space, did it get both letters?
ADVICE: dict[tuple[str, str], Advice] = {
    (NO, YES): Advice(
        "Vous pouvez créer votre espace sécurisé",
        (
            "Gardez sous les yeux le Courrier de bienvenue (identifiant CIBTP), le Courrier informatique "
            "(code confidentiel) et le numéro de SIRET de votre site.",
        ),
        "Je crée mon espace sécurisé",
        "accounts:opening",
    ),
    (NO, NO): Advice(
        "Il vous faut d’abord vos deux courriers",
        NO_LETTER,
        "Demander un nouveau code",
        "accounts:code_request",
    ),
    (YES, YES): Advice(
        "Associez le nouveau site à l’espace que vous avez déjà",
        (
            "Un seul espace suffit pour tous vos sites déclarants\u00a0: le nouveau le rejoint avec ses deux "
            "courriers, et vous gardez votre adresse électronique et votre mot de passe.",
        ),
        "Je les associe à un espace existant",
        "accounts:association",
        SIGN_IN,
    ),
    (YES, NO): Advice(
        "Le nouveau site rejoindra votre espace avec ses deux courriers",
        (*NO_LETTER, "Pour vos autres sites, votre espace reste ouvert\u00a0: connectez-vous."),
        "Demander un nouveau code",
        "accounts:code_request",
        SIGN_IN,
    ),
}


def given(sent: Mapping[str, str]) -> dict[str, str]:
    """Every answer that the address holds, whether or not it counts yet."""
    pairs = ((question, sent.get(question.name, "")) for question in QUESTIONS)
    return {question.name: answer for question, answer in pairs if answer in dict(question.answers)}


def answered(sent: Mapping[str, str], *, upto: str | None = None, again: str | None = None) -> dict[str, str]:
    """The answers given so far, in order: what follows a question left open does not count.

    Nor does what was answered to the question that is asked `again`, or to those after the one just
    answered (`upto`), which was gone back to: they are asked again, with their answer checked.
    """
    found: dict[str, str] = {}
    answers = given(sent)
    for question in QUESTIONS:
        if question.name not in answers or question.name == again:
            break
        found[question.name] = answers[question.name]
        if answers[question.name] == FIRM or question.name == upto:
            break
    return found


def next_question(answers: Mapping[str, str]) -> Question | None:
    """What is asked next; None once there is something to advise."""
    if answers.get(PROFILE.name) == FIRM:
        return None
    return next((question for question in QUESTIONS if question.name not in answers), None)


def advice(answers: Mapping[str, str]) -> Advice:
    """What a company that answered everything is advised."""
    return ADVICE[answers[SPACE.name], answers[LETTERS.name]]
