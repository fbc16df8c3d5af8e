"""Compiling typst templates. Data travel as JSON, never as source: a text cannot become markup.

A process that has compiled must not fork (its children hang), so typst is only imported on use:
never compile at import, under a preloading server or in the parent of a forking worker pool.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from portal.pdf.joining import Joiner
from portal.pdf.text import displayable_data

CHUNK = 25  # documents per compilation: memory grows with what is compiled at once


class CompilationFailed(Exception):
    """A template did not compile. The message never quotes the data, which may be confidential."""


def compile_pdf(template: str, data: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """One tagged PDF from `templates/<template>`, which reads `data` with `json(bytes(sys.inputs.data))`.

    Characters that the fonts lack are replaced (`portal.pdf.text`). Raises CompilationFailed.
    """
    return _Template(template, made_at).compile(data)


def compile_joined(
    target: BinaryIO,
    template: str,
    data: Mapping[str, Any],
    items: Iterable[Mapping[str, Any]],
    *,
    made_at: dt.datetime,
    chunk: int = CHUNK,
) -> int:
    """Write one PDF of many documents to `target`, keeping the tags; return its number of pages.

    The template finds `chunk` items at a time in `data.items`. Raises CompilationFailed or NotJoinable.
    """
    compiled = _Template(template, made_at)
    joiner = Joiner(target)
    for some in _chunks(items, chunk):
        joiner.add(compiled.compile({**data, "items": some}))
    return joiner.finish()


class _Template:
    """One template, whose compiler keeps fonts and sources from one compilation to the next."""

    def __init__(self, name: str, made_at: dt.datetime) -> None:
        import typst

        root = Path(settings.BASE_DIR) / "templates"
        self._name = name
        self._timestamp = int(made_at.timestamp())
        self._compiler = typst.Compiler(input=root / name, root=root, ignore_system_fonts=True)

    def compile(self, data: Mapping[str, Any]) -> bytes:
        import typst

        try:
            pdf = self._compiler.compile(
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
                sys_inputs={"data": json.dumps(displayable_data(dict(data)))},
                timestamp=self._timestamp,
            )
        except typst.TypstError:  # its message may quote the data
            raise CompilationFailed(f"{self._name} does not compile with these data") from None
        assert isinstance(pdf, bytes)
        return pdf


def _chunks(items: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some
