"""The files that the portal takes: each app registers its own when it is ready."""

from __future__ import annotations

from graphlib import TopologicalSorter

from django.core.exceptions import ImproperlyConfigured

from portal.imports.extract import Extract

_extracts: dict[str, Extract] = {}


def register(*extracts: Extract) -> None:
    """Take these files from now on. Raises ImproperlyConfigured for a name taken by another one."""
    for extract in extracts:
        extract.check()
        if _extracts.setdefault(extract.name, extract) is not extract:
            raise ImproperlyConfigured(f"Two apps want to read {extract.name}.")


def in_order() -> list[Extract]:
    """Every registered file, parents before children. Raises CycleError when they wait on each other."""
    sorter = TopologicalSorter({name: extract.after for name, extract in _extracts.items()})
    return [_extracts[name] for name in sorter.static_order() if name in _extracts]
