"""A French postal address, on screen and on an envelope (NF Z 10-011)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PostalAddress:
    """Two lines of street, a postal code and a town. False when all are empty."""

    line1: str
    line2: str
    postal_code: str
    town: str

    def __bool__(self) -> bool:
        return any((self.line1, self.line2, self.postal_code, self.town))

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are not empty, postal code and town on the last."""
        last = f"{self.postal_code} {self.town}".strip()
        return tuple(line for line in (self.line1, self.line2, last) if line)

    def __str__(self) -> str:
        return ", ".join(self.lines)
