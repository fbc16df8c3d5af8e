"""Files that appear in a folder together, whole and on disk, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class AlreadyThere(Exception):
    """The folder holds a file of that name, which is never replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class PrintFolder:
    """Inside `with`: write each file, then `publish`. An exception leaves none of them behind.

    Files are readable by their owner only. Raises AlreadyThere rather than replace a file.
    """

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self.path = path
        self._names = names
        self._partial: dict[str, Path] = {}
        self._published: list[Path] = []

    def __enter__(self) -> Self:
        self._refuse_to_replace()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in (*self._partial.values(), *(self._published if kind else ())):
            path.unlink(missing_ok=True)

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """A binary file to fill, flushed to the disk when it closes; the folder is made if need be."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=self.path, prefix=f".{name}.", suffix=".part")
        self._partial[name] = Path(partial)
        with open(descriptor, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())

    def publish(self) -> None:
        """Give the files their names, on disk when this returns."""
        self._refuse_to_replace()
        for name, partial in self._partial.items():
            os.rename(partial, self.path / name)
            self._published.append(self.path / name)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _refuse_to_replace(self) -> None:
        for name in self._names:
            if os.path.lexists(self.path / name):
                raise AlreadyThere(self.path / name)
