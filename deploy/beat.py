"""Beat's scheduler in a container: `celery --app portal beat --scheduler deploy.beat:WitnessedScheduler`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler

from deploy.healthy import WITNESS


class WitnessedScheduler(PersistentScheduler):  # type: ignore[misc]  # untyped in celery
    """Leaves a witness at every turn, whose age tells whether beat still turns: with or without Redis."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Touch the witness, then do what is due."""
        Path(WITNESS).touch()
        return super().tick(*args, **kwargs)
