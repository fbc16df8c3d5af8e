"""Why an act on the rights was refused, in the words that the person reads."""

from __future__ import annotations


class Refused(Exception):
    """The act was not done; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoLongerGiver(Refused):
    """The person does not give rights there, or not any more."""

    def __init__(self) -> None:
        super().__init__("Vous ne gérez plus les droits d’accès de ce site.")


class LastAdministrator(Refused):
    """The site would be left without an Administrateur (product.md 6.2)."""

    def __init__(self) -> None:
        super().__init__(
            "Ce site n’aurait plus d’Administrateur\u00a0: nommez d’abord une autre personne Administrateur "
            "sans date de fin, et attendez qu’elle ait accepté."
        )


class OwnRights(Refused):
    """Nobody changes his own rights (product.md 6.2)."""

    def __init__(self) -> None:
        super().__init__("Vous ne pouvez pas modifier vos propres droits\u00a0: vous pouvez y renoncer.")


class OwnAddress(Refused):
    """Nobody gives rights to himself: it would prolong or widen his own (product.md 6.2)."""

    def __init__(self) -> None:
        super().__init__(
            "C’est votre propre adresse\u00a0: personne ne se donne de droits. Indiquez celle d’une autre "
            "personne."
        )


class AlreadyOver(Refused):
    """The delegation ended meanwhile: it never comes back to life."""

    def __init__(self) -> None:
        super().__init__(
            "Cette délégation est terminée\u00a0: ajoutez-en une nouvelle si elle est encore utile."
        )


class ChangedMeanwhile(Refused):
    """The delegation changed since the page was shown, by anybody: perhaps oneself, in another tab."""

    def __init__(self) -> None:
        super().__init__(
            "Ces droits ont été modifiés entre-temps\u00a0: vérifiez ce qui est enregistré, puis recommencez."
        )


class AlreadyGiven(Refused):
    """The address has a delegation on this site and side already."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} a déjà une délégation sur ce site\u00a0: modifiez-la plutôt que d’en ajouter une."
        )


class TooWide(Refused):
    """More is given than the giver's side holds (product.md 6.2)."""


class NothingGiven(Refused):
    """Every row says « Aucun droit »."""

    def __init__(self) -> None:
        super().__init__(
            "Aucun droit n’est donné\u00a0: choisissez Consultation ou Mise à jour pour une fonctionnalité "
            "au moins."
        )


class WrongDays(Refused):
    """The first or last day cannot be; `first` tells which."""

    def __init__(self, sentence: str, *, first: bool = False) -> None:
        super().__init__(sentence)
        self.first = first


class NoFirmOnFile(Refused):
    """The caisse's file names no firm for the company."""

    def __init__(self) -> None:
        super().__init__("Aucun cabinet comptable n’est identifié\u00a0: contactez votre caisse.")


class AlreadyAnswered(Refused):
    """Somebody answered first; the first answer holds for all."""
