"""Where a declaration is of: as its worksite was when it was sent, whatever became of it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """A worksite's facts at one moment."""

    name: str
    address: str
    postal_code: str
    town: str
    departement: str
    altitude: int
    activity: str
    public_works: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.town})"

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON, for what a declaration keeps of it."""
        return asdict(self)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """In words; empty where there is nothing to say."""
        return [
            ("Chantier", str(self)),
            ("Adresse", f"{self.address}, {self.postal_code} {self.town}"),
            ("Altitude", f"{self.altitude}\u00a0m" if self.altitude else ""),
            ("Activité", self.activity),
            ("Marché public", "Oui" if self.public_works else ""),
        ]


def kept_place(said: Mapping[str, Any]) -> Place | None:
    """The place that a declaration kept when it was sent; None for one sent before places were kept."""
    kept = said.get("worksite")
    return Place(**kept) if kept else None
