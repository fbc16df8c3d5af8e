"""Where a company's delegation to its firm stands, as the list says it below its rows."""

from __future__ import annotations

from dataclasses import dataclass

from adherents.models import AccountingFirm, Site
from delegations.givers import Giver
from delegations.models import Delegation, Role, Status
from delegations.notices import period, spelled


@dataclass(frozen=True)
class FirmState:
    """The firm that the caisse's file names, and the delegation that is open, whoever holds it."""

    on_file: AccountingFirm | None
    delegation: Delegation | None

    @property
    def may_be_given(self) -> bool:
        """Whether « Déléguer à mon cabinet comptable » is offered."""
        return self.on_file is not None and self.delegation is None

    @property
    def to_answer(self) -> bool:
        """Whether the company must confirm or refuse it."""
        return self.delegation is not None and self.delegation.status_on() is Status.TO_CONFIRM

    @property
    def sentence(self) -> str:
        """What is given to the firm, and whether anybody must act."""
        if self.delegation is None:
            return "Vous n’avez défini aucune délégation à votre cabinet comptable."
        return f"Délégation à {self.delegation.firm}\u00a0: {self._where(self.delegation)}"

    @staticmethod
    def _where(delegation: Delegation) -> str:
        status = delegation.status_on()
        if status is Status.INVITED:
            return f"invitation envoyée à {delegation.email}, en attente de son acceptation."
        if status is Status.TO_CONFIRM and delegation.answer_by is not None:
            return (
                f"{delegation.named} a accepté et attend votre confirmation, au plus tard le "
                f"{spelled(delegation.answer_by)}."
            )
        word = "à venir" if status is Status.COMING else "active"
        return f"{word}, {delegation.named}, {period(delegation)}."


def firm_state(giver: Giver) -> FirmState | None:
    """The state of the firm of the company that gives; None for who gives within a firm."""
    if giver.firm is not None:
        return None
    site: Site = giver.site
    given = Delegation.objects.open().filter(site=site, role=Role.HEAD)
    on_file = site.adherent.accounting_firm
    return FirmState(on_file, given.select_related("firm", "beneficiary", "parent").first())
